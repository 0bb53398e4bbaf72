. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
expect 'state and chart of the release barn' 'deployed barn-0.3.0' "$(release harvest barn '"\(.status) \(.chart)"')"
values=$(h -n harvest get values barn --all -o json 2> /dev/null)
expect 'replicas and crop among its values' '2 oats' "$(jq -r '"\(.replicas) \(.crop)"' <<< "$values")"
pods=$(ready_pods harvest barn)
expect 'ready Pods of barn' 2 "$(grep -c . <<< "$pods")"
for pod in $pods; do expect "answer of $pod" oats "$(page_of harvest "$pod")"; done
pass 'the barn is upgraded'
