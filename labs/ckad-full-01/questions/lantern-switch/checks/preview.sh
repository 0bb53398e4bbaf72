. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../behind.sh"
green=$(ready_pods lantern lantern-green | sort)
[ -n "$green" ] || fail 'no Pod of lantern-green is ready'
expect 'Pods behind lantern-preview' "$green" "$(behind lantern-preview)"
expect_soon 5 'answer of lantern-preview' 'lantern green' k get --raw /api/v1/namespaces/lantern/services/lantern-preview:80/proxy/
pass 'there is a preview'
