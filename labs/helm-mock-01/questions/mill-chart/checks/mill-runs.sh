. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
expect 'state and chart of the release mill' 'deployed mill-0.2.0' "$(release mill mill '"\(.status) \(.chart)"')"
expect 'ready Pods of mill-mill' 1 "$(ready_pods mill mill-mill | grep -c .)"
expect_soon 6 'answer of the Service mill-mill' 'milling spelt' k get --raw /api/v1/namespaces/mill/services/mill-mill:80/proxy/
pass 'the mill runs'
