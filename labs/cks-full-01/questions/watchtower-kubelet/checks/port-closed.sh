. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../../../node.sh"
. "${BASH_SOURCE[0]%/*}/../kubelet.sh"
expect_soon 6 'answer on port 10255' 000 code "http://$node:10255/pods"
expect_match 'answer on port 10250' '^[2-5][0-9][0-9]$' "$(code "https://$node:10250/healthz")"
pass 'the port is closed'
