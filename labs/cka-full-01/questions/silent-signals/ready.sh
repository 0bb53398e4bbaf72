# Sourced by the checks.
. "${BASH_SOURCE[0]%/*}/../../node.sh"

# node_ready: what the node says itself counts, and not what was last heard of it: the status of a kubelet that was stopped stays for a while.
node_ready() {
  expect 'what the kubelet of node02 says of itself' ok "$(said_on node02 'curl -s -m 3 http://127.0.0.1:10248/healthz')"
  expect_soon 12 'Ready condition of node02' True k get node node02 -o jsonpath='{.status.conditions[?(@.type=="Ready")].status}'
  renewed=$(k -n kube-node-lease get lease node02 -o jsonpath='{.spec.renewTime}')
  expect_match 'seconds since the node was heard of' '^-?[0-9]$|^[1-5][0-9]$' "$(($(date +%s) - $(date -d "$renewed" +%s)))"
}
