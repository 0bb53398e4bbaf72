. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../../../node.sh"
. "${BASH_SOURCE[0]%/*}/../etcd.sh"
for name in combination deed; do expect "how $name lies in etcd" k8s:enc:secretbox:v1: "$(stored $name)"; done
expect 'what the API gives of combination' left-7-right-19-left-4 "$(text combination code)"
expect 'what the API gives of deed' 'the widow of the miller' "$(text deed owner)"
pass 'old Secrets are encrypted'
