. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../behind.sh"
green=$(ready_pods lantern lantern-green | sort)
[ -n "$green" ] || fail 'no Pod of lantern-green is ready'
expect 'Pods behind lantern' "$green" "$(behind lantern)"
expect_soon 5 'answer of lantern' 'lantern green' k get --raw /api/v1/namespaces/lantern/services/lantern:80/proxy/
blue=$(ready_pods lantern lantern-blue)
expect 'ready Pods of lantern-blue' 2 "$(grep -c . <<< "$blue")"
for pod in $blue; do expect "answer of $pod" 'lantern blue' "$(page_of lantern "$pod")"; done
pass 'the traffic is switched'
