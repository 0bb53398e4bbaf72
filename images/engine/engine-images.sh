#!/bin/bash
# engine-images.sh ARCHIVE RESULT: of the images that nodes have from birth, those that Docker labs use, and a registry beside them.
#
# Runs in images/workloads, whose archive it reads: layers stay as they are there.
set -euo pipefail
ARCHIVE=$1
RESULT=$2
WANTED='docker.io/(library/(busybox|debian|nginx)|curlimages/curl):'
WORK=$(mktemp -d)
mkdir -p "$WORK/all" "$WORK/archive" "$(dirname "$RESULT")"
tar -C "$WORK/all" -xf "$ARCHIVE"
manifest=$(jq -c --arg wanted "$WANTED" '[.[] | select(any(.RepoTags[]; test($wanted)))]' "$WORK/all/manifest.json")
for layer in $(jq -r '.[].Layers[]' <<< "$manifest" | sort -u); do
  mkdir -p "$WORK/archive/${layer%/*}"
  mv "$WORK/all/$layer" "$WORK/archive/$layer"
done
for config in $(jq -r '.[].Config' <<< "$manifest"); do mv "$WORK/all/$config" "$WORK/archive/"; done

# Debian's build of the reference registry, with the layout of the official image, on the layer of busybox.
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends docker-registry
root=$WORK/registry
mkdir -p "$root/bin" "$root/etc/docker/registry" "$root/var/lib/registry"
for file in /usr/bin/docker-registry $(ldd /usr/bin/docker-registry 2>/dev/null | grep -oE '/[^ ):]+\.so[^ ):]*' | sort -u); do
  install -D "$(realpath "$file")" "$root$file"
done
ln -s ../usr/bin/docker-registry "$root/bin/registry"
install -D /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
cat > "$root/etc/docker/registry/config.yml" <<'CONFIG'
version: 0.1
log:
  fields:
    service: registry
storage:
  cache:
    blobdescriptor: inmemory
  filesystem:
    rootdirectory: /var/lib/registry
http:
  addr: :5000
  headers:
    X-Content-Type-Options: [nosniff]
health:
  storagedriver:
    enabled: true
    interval: 10s
    threshold: 3
CONFIG
tar --sort=name --mtime=@0 --numeric-owner --owner=0 --group=0 -C "$root" -cf "$WORK/layer.tar" .
layer=$(sha256sum "$WORK/layer.tar" | cut -d' ' -f1)
mkdir "$WORK/archive/$layer"
mv "$WORK/layer.tar" "$WORK/archive/$layer/layer.tar"
busybox=$(jq -r '.[] | select(any(.RepoTags[]; test("library/busybox:"))) | .Layers[0] | split("/")[0]' <<< "$manifest")
image=$(jq -nc --arg arch "$(dpkg --print-architecture)" --arg busybox "sha256:$busybox" --arg layer "sha256:$layer" \
  '{architecture: $arch, os: "linux", created: "1970-01-01T00:00:00Z",
    config: {Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"], Entrypoint: ["/bin/registry", "serve"],
      Cmd: ["/etc/docker/registry/config.yml"], ExposedPorts: {"5000/tcp": {}}, Volumes: {"/var/lib/registry": {}}},
    rootfs: {type: "layers", diff_ids: [$busybox, $layer]},
    history: [range(2) | {created: "1970-01-01T00:00:00Z", created_by: "ckx"}]}')
digest=$(printf %s "$image" | sha256sum | cut -d' ' -f1)
printf %s "$image" > "$WORK/archive/$digest.json"
jq -c --arg config "$digest.json" --arg busybox "$busybox" --arg layer "$layer" \
  '. + [{Config: $config, RepoTags: ["registry:2", "registry:2.8", "registry:latest"], Layers: ["\($busybox)/layer.tar", "\($layer)/layer.tar"]}]' \
  <<< "$manifest" > "$WORK/archive/manifest.json"
tar -C "$WORK/archive" -cf "$RESULT" .
rm -rf "$WORK"
