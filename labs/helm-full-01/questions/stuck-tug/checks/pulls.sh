. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
expect 'state and values of the release' 'deployed Hercules 900' "$(release tug tug .status) $(values_of tug tug '"\(.name) \(.strength)"')"
pod=$(ready_pods tug tug)
expect 'ready Pods of tug' 1 "$(grep -c . <<< "$pod")"
expect 'what the tug says' 'Hercules pulls 900' "$(page_of tug "$pod")"
pass 'the tug pulls'
