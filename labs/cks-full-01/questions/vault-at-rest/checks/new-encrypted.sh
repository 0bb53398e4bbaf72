. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../../../node.sh"
. "${BASH_SOURCE[0]%/*}/../etcd.sh"
probe=rest-probe-$$-$RANDOM
trap 'k -n vault delete secret "$probe" --ignore-not-found > /dev/null 2>&1' EXIT
k -n vault create secret generic "$probe" --from-literal=word=abracadabra > /dev/null 2>&1 || fail 'no Secret can be made'
expect 'how a new Secret lies in etcd' k8s:enc:secretbox:v1: "$(stored "$probe")"
expect 'what the API gives of it' abracadabra "$(text "$probe" word)"
pass 'new Secrets are encrypted'
