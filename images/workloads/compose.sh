#!/bin/bash
# compose.sh ARCHIVE: builds every preloaded image, without a container engine, into one archive in Docker's format.
#
# An image is layers (uncompressed tar files, named by their digest) and a configuration. Layers only ever add files, so that a
# node can use them unpacked, in place (images/store). Images that share a bottom layer share it on disk and in memory.
set -euo pipefail
ARCHIVE=$1
SRC=/src
WORK=$(mktemp -d)
IMAGE_DIR=$WORK/archive
MANIFEST=()
mkdir -p "$IMAGE_DIR" "$(dirname "$ARCHIVE")"
export DEBIAN_FRONTEND=noninteractive

# seal TAR: takes a finished tar file into the archive, prints its digest.
seal() {
  local digest
  digest=$(sha256sum "$1" | cut -d' ' -f1)
  mkdir -p "$IMAGE_DIR/$digest"
  mv "$1" "$IMAGE_DIR/$digest/layer.tar"
  echo "$digest"
}

pack() { tar --sort=name --mtime=@0 --numeric-owner --owner=0 --group=0 "$@"; }

# layer DIR: a layer of what is in a folder.
layer() {
  pack -C "$1" -cf "$WORK/layer.tar" .
  seal "$WORK/layer.tar"
}

# image "NAME..." CONFIG LAYER...: CONFIG is the `config` object of the OCI image specification, as JSON.
image() {
  local names=$1 config=$2 json digest
  shift 2
  json=$(jq -nc --argjson config "$config" '{architecture: $ARGS.named.arch, os: "linux", created: "1970-01-01T00:00:00Z",
    config: $config, rootfs: {type: "layers", diff_ids: [$ARGS.positional[] | "sha256:" + .]},
    history: [$ARGS.positional[] | {created: "1970-01-01T00:00:00Z", created_by: "ckx"}]}' \
    --arg arch "$(dpkg --print-architecture)" --args "$@")
  digest=$(printf %s "$json" | sha256sum | cut -d' ' -f1)
  printf %s "$json" > "$IMAGE_DIR/$digest.json"
  MANIFEST+=("$(jq -nc --arg config "$digest.json" --arg names "$names" \
    '{Config: $config, RepoTags: ($names | split(" ")), Layers: [$ARGS.positional[] + "/layer.tar"]}' --args "$@")")
}

# with_libraries ROOT PROGRAM...: puts programs and the libraries they name into a root, at the paths they have here.
with_libraries() {
  local root=$1 file
  shift
  for file in "$@" $(ldd "$@" 2>/dev/null | grep -oE '/[^ ):]+\.so[^ ):]*' | sort -u); do
    install -D "$(realpath "$file")" "$root$file"
  done
}

# passwd ROOT: the accounts a container of ours knows.
passwd() {
  mkdir -p "$1/etc" "$1/root" "$1/home"
  mkdir -m 1777 -p "$1/tmp"
  printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n' > "$1/etc/passwd"
  printf 'root:x:0:\nnogroup:x:65534:\n' > "$1/etc/group"
}

PATH_ENV='"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"'

# Debian, as small as its own slim image; taken before anything is installed here.
pack -C / --one-file-system -X $SRC/debian-layer.exclude -cf "$WORK/debian.tar" .
DEBIAN=$(seal "$WORK/debian.tar")

apt-get update
touch /before-nginx
apt-get install -y --no-install-recommends nginx-light curl ca-certificates
groupadd --system --gid 101 nginx 2>/dev/null || groupadd --system nginx
useradd --system --gid nginx --no-create-home --shell /bin/false nginx
rm -rf /etc/nginx/sites-enabled /etc/nginx/sites-available
mkdir -p /etc/nginx/conf.d /usr/share/nginx/html
install -m 644 $SRC/nginx/nginx.conf /etc/nginx/nginx.conf
install -m 644 $SRC/nginx/default.conf /etc/nginx/conf.d/default.conf
install -m 644 $SRC/nginx/index.html /usr/share/nginx/html/index.html
ln -sf /dev/stdout /var/log/nginx/access.log
ln -sf /dev/stderr /var/log/nginx/error.log
find / -xdev -cnewer /before-nginx \( -type f -o -type l -o -type d \) -printf './%P\n' \
  | grep -vE '^\./($|before-nginx|src|out|tmp|proc|sys|dev|run|var/cache|var/lib/apt|var/log/(apt|dpkg|alternatives)|usr/share/(doc|man|info|locale))' > "$WORK/nginx.files" 
pack -C / --no-recursion -T "$WORK/nginx.files" -cf "$WORK/nginx.tar"
NGINX=$(seal "$WORK/nginx.tar")

apt-get install -y --no-install-recommends jq busybox wget gcc libc6-dev iptables

# One program under the names of all components, at the bottom of each image (images/README.md).
mkdir -p "$WORK/kube/usr/local/bin"
install $SRC/binaries/kube-components "$WORK/kube/usr/local/bin/"
for name in kube-apiserver kube-controller-manager kube-scheduler kube-proxy; do ln -s kube-components "$WORK/kube/usr/local/bin/$name"; done
KUBE=$(layer "$WORK/kube")

mkdir -p "$WORK/iptables/usr/sbin"
# The match and target modules need libraries of their own (libm for `statistic`, which kube-proxy uses for more than one endpoint).
with_libraries "$WORK/iptables" /usr/sbin/xtables-nft-multi /usr/lib/*/xtables/*.so
for name in iptables ip6tables; do
  for suffix in '' -save -restore; do ln -s xtables-nft-multi "$WORK/iptables/usr/sbin/$name$suffix"; done
done
IPTABLES=$(layer "$WORK/iptables")

mkdir -p "$WORK/etcd/usr/local/bin"
install $SRC/binaries/etcd $SRC/binaries/etcdctl $SRC/binaries/etcdutl "$WORK/etcd/usr/local/bin/"
ETCD=$(layer "$WORK/etcd")

mkdir -p "$WORK/pause"
gcc -Os -static -o "$WORK/pause/pause" $SRC/pause.c
PAUSE=$(layer "$WORK/pause")

mkdir -p "$WORK/coredns"
install $SRC/binaries/coredns "$WORK/coredns/coredns"
COREDNS=$(layer "$WORK/coredns")

mkdir -p "$WORK/local-path/usr/bin"
passwd "$WORK/local-path"
install $SRC/binaries/local-path-provisioner "$WORK/local-path/usr/bin/"
LOCAL_PATH=$(layer "$WORK/local-path")

mkdir -p "$WORK/metrics-server"
install $SRC/binaries/metrics-server "$WORK/metrics-server/"
METRICS_SERVER=$(layer "$WORK/metrics-server")

mkdir -p "$WORK/ingress"
install $SRC/binaries/ckx-ingress "$WORK/ingress/"
INGRESS=$(layer "$WORK/ingress")

mkdir -p "$WORK/busybox/bin" "$WORK/busybox/usr/bin" "$WORK/busybox/usr/sbin" "$WORK/busybox/sbin"
passwd "$WORK/busybox"
# GNU's wget in place of busybox's, which Debian builds so that it crashes when given a time limit.
with_libraries "$WORK/busybox" /bin/busybox /usr/bin/wget
ln -s ../usr/bin/wget "$WORK/busybox/bin/wget"
for applet in $(busybox --list); do [ -e "$WORK/busybox/bin/$applet" ] || ln -s busybox "$WORK/busybox/bin/$applet"; done
BUSYBOX=$(layer "$WORK/busybox")

mkdir -p "$WORK/curl"
with_libraries "$WORK/curl" /usr/bin/curl
install -D /etc/ssl/certs/ca-certificates.crt "$WORK/curl/etc/ssl/certs/ca-certificates.crt"
CURL=$(layer "$WORK/curl")

component() { image "registry.k8s.io/$1:v1.34.4" "{\"Env\":[$PATH_ENV],\"Entrypoint\":[\"/usr/local/bin/$1\"]}" "${@:2}"; }
component kube-apiserver "$KUBE"
component kube-controller-manager "$KUBE"
component kube-scheduler "$KUBE"
component kube-proxy "$KUBE" "$IPTABLES"
image registry.k8s.io/etcd:3.6.5-0 "{\"Env\":[$PATH_ENV],\"Entrypoint\":[\"/usr/local/bin/etcd\"]}" "$ETCD"
image 'registry.k8s.io/pause:3.10.1 registry.k8s.io/pause:3.10' '{"Entrypoint":["/pause"],"User":"65535:65535"}' "$PAUSE"
image registry.k8s.io/coredns/coredns:v1.12.1 '{"Entrypoint":["/coredns"],"WorkingDir":"/"}' "$COREDNS"
image docker.io/rancher/local-path-provisioner:v0.0.30 '{"Entrypoint":["/usr/bin/local-path-provisioner"]}' "$LOCAL_PATH"
image registry.k8s.io/metrics-server/metrics-server:v0.9.0 '{"Entrypoint":["/metrics-server"]}' "$METRICS_SERVER"
image docker.io/ckx/ingress-controller:1 '{"Entrypoint":["/ckx-ingress"]}' "$INGRESS"
image 'docker.io/library/busybox:1.36 docker.io/library/busybox:latest' "{\"Env\":[$PATH_ENV],\"Cmd\":[\"sh\"]}" "$BUSYBOX"
image 'docker.io/curlimages/curl:8.10.1 docker.io/curlimages/curl:latest' "{\"Env\":[$PATH_ENV],\"Entrypoint\":[\"curl\"],\"Cmd\":[\"--help\"],\"User\":\"65534\"}" "$BUSYBOX" "$CURL"
image docker.io/library/debian:bookworm-slim "{\"Env\":[$PATH_ENV],\"Cmd\":[\"bash\"]}" "$DEBIAN"
image 'docker.io/library/nginx:1.27 docker.io/library/nginx:1.27-alpine docker.io/library/nginx:1.28 docker.io/library/nginx:alpine docker.io/library/nginx:stable docker.io/library/nginx:latest' \
  "{\"Env\":[$PATH_ENV],\"Cmd\":[\"nginx\",\"-g\",\"daemon off;\"],\"ExposedPorts\":{\"80/tcp\":{}},\"StopSignal\":\"SIGQUIT\"}" "$DEBIAN" "$NGINX"

printf '%s\n' "${MANIFEST[@]}" | jq -sc . > "$IMAGE_DIR/manifest.json"
tar -C "$IMAGE_DIR" -cf "$ARCHIVE" .
rm -rf "$WORK"
