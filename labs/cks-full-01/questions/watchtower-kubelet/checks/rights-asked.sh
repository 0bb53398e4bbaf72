. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../../../node.sh"
. "${BASH_SOURCE[0]%/*}/../kubelet.sh"
token() { k -n watchtower create token "$1" --duration=10m; }
inspector=$(token inspector) stranger=$(token stranger)
[ -n "$inspector" ] && [ -n "$stranger" ] || fail 'a ServiceAccount is gone'
expect_soon 8 'answer to the stranger' 403 code "https://$node:10250/pods" "$stranger"
expect_soon 8 'answer to the inspector' 200 code "https://$node:10250/pods" "$inspector"
pass 'rights are asked for'
