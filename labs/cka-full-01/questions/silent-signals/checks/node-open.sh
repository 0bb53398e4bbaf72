. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../ready.sh"
expect 'whether node02 is closed to new Pods' false "$(k get node node02 -o json | jq -r '.spec.unschedulable // false')"
node_ready
pass 'the node takes Pods'
