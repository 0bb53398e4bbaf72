. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../ready.sh"
expect 'state of the unit kubelet on node02' active "$(said_on node02 'systemctl is-active kubelet')"
expect 'whether it is started with the node' enabled "$(said_on node02 'systemctl is-enabled kubelet')"
expect_soon 8 'what the kubelet says of itself' ok said_on node02 'curl -s -m 3 http://127.0.0.1:10248/healthz'
pass 'the kubelet stays'
