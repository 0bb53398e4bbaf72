. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../../../node.sh"
. "${BASH_SOURCE[0]%/*}/../kubelet.sh"
for path in pods metrics; do expect_soon 6 "answer to $path without credentials" 401 code "https://$node:10250/$path"; done
pass 'nobody is anonymous'
