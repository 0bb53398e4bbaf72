. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
expect 'state of the release raft' uninstalled "$(release ferry raft .status)"
expect 'ConfigMaps named raft' 0 "$(k -n ferry get configmaps -o json | jq '[.items[] | select(.metadata.name == "raft")] | length')"
pass 'the raft is gone and remembered'
