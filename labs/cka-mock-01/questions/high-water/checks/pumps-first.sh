. "$CKX_CHECKS/1.sh"
class=$(k get priorityclass high-water -o json 2>&1) || fail "$class"
expect 'value of the class, and whether it is the default' '500000 false' "$(jq -r '"\(.value) \(.globalDefault // false)"' <<< "$class")"
pods=$(ready_pods dyke pumps)
expect 'ready Pods of pumps' 2 "$(grep -c . <<< "$pods")"
for pod in $pods; do expect "priority of $pod" 500000 "$(k -n dyke get pod "$pod" -o jsonpath='{.spec.priority}')"; done
pass 'the pumps go first'
