#!/bin/bash
# build-store.sh ARCHIVE STORE: unpacks an archive of images into a containerd store that nodes use in place.
#
# Runs in a container of images/node-system whose /var/lib/containerd is a volume, because overlay does not mount on overlay.
# The store then lies in the node's image: read-only, once on the host's disk and once in its page cache for all nodes. A node
# links to it at its first start (images/node/files/usr/local/sbin/ckx-store) and needs to import nothing.
set -euo pipefail
ARCHIVE=$1
STORE=$2
ROOT=/var/lib/containerd
OVERLAY=io.containerd.snapshotter.v1.overlayfs

mkdir -p /run/containerd
printf 'version = 2\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n' > /run/containerd/store.toml
containerd --config /run/containerd/store.toml --log-level warn &
until ctr version > /dev/null 2>&1; do
  kill -0 %1
  sleep 0.1
done
ctr -n k8s.io images import --snapshotter overlayfs "$ARCHIVE"
kill %1
wait %1 || true

# Of a layer only what it holds is needed, not what overlay kept to make it.
find $ROOT/$OVERLAY/snapshots/*/work -mindepth 1 -delete
mkdir -p "$STORE"
cp -a $ROOT/io.containerd.metadata.v1.bolt $ROOT/io.containerd.content.v1.content $ROOT/$OVERLAY "$STORE/"
rm -rf "$STORE"/io.containerd.content.v1.content/ingest /run/containerd
# Kubernetes' program is in the store already: the kubelet of the node is the same file, hence the same memory.
ln -s "$(find "$STORE" -path '*/fs/usr/local/bin/kube-components' -type f -print -quit)" "$STORE/kube-components"
test -x "$STORE/kube-components"
