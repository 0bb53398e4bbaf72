. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../ready.sh"
node_ready
pod() {
  k -n signals get pods -o json | jq -r '.items[] | select(.spec.nodeName == "node02" and .metadata.deletionTimestamp == null)
    | select(any(.metadata.ownerReferences[]?; .kind == "DaemonSet" and .name == "signal"))
    | select(any(.status.conditions[]?; .type == "Ready" and .status == "True")) | .metadata.name'
}
runs() { name=$(pod) && [ -n "$name" ]; }
until_true 8 runs || fail 'no Pod of the DaemonSet signal is ready on node02'
expect "answer of $name" 'line clear' "$(page_of signals "$name")"
pass 'the node works'
