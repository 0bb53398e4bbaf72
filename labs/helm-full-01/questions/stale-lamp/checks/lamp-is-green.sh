. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
expect 'state and values of the release' 'deployed 2 green' "$(release lamp lamp .status) $(values_of lamp lamp '"\(.replicas) \(.colour)"')"
pods=$(ready_pods lamp lamp)
expect 'ready Pods of lamp' 2 "$(grep -c . <<< "$pods")"
for pod in $pods; do expect "colour of $pod" green "$(page_of lamp "$pod")"; done
pass 'the lamp is green'
