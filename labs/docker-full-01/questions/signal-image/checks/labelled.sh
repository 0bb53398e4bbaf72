. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
expect 'label of signal:1.4' 1.4 "$(d image inspect --format '{{index .Config.Labels "org.opencontainers.image.version"}}' signal:1.4 2> /dev/null)"
[ -f /home/candidate/signal/Dockerfile ] || fail 'there is no ~/signal/Dockerfile'
trap 'd rmi check-signal-label:1 > /dev/null 2>&1' EXIT
d build -q -t check-signal-label:1 --build-arg VERSION=1.5 /home/candidate/signal > /dev/null 2>&1 || fail 'it does not build with VERSION=1.5'
expect 'label of a build with VERSION=1.5' 1.5 "$(d image inspect --format '{{index .Config.Labels "org.opencontainers.image.version"}}' check-signal-label:1)"
pass 'the version is a label'
