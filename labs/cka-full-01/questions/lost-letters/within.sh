# Sourced by the checks.
. "${BASH_SOURCE[0]%/*}/../../node.sh"
from=$(ready_pods post sorter | head -n 1)
[ -n "$from" ] || fail 'no Pod of the Deployment sorter is ready'
# asked URL: what a Pod of the post office gets there.
asked() { k -n post exec "$from" -c web -- curl -sS -m 2 "$1" 2>&1; }
# behind SERVICE: Pods that are ready behind it; an address without a Pod is told as such.
behind() {
  k -n post get endpointslices -l "kubernetes.io/service-name=$1" -o json |
    jq -r '[.items[].endpoints[]? | select(.conditions.ready != false) | .targetRef.name // "an address without a Pod"] | unique | join(" ")'
}
# through SERVICE: the Service leads to the Pods of its Deployment and to nothing else, and they answer.
through() {
  local pods address
  pods=$(ready_pods post "$1" | sort | paste -sd' ')
  expect_match "ready Pods of $1" . "$pods"
  expect_soon 8 "what is behind the Service $1" "$pods" behind "$1"
  address=$(value_of post service "$1" .spec.clusterIP)
  expect_soon 6 "answer of the Service $1" "$1" asked "http://$address"
}
