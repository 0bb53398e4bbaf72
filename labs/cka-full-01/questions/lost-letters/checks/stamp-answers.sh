. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../within.sh"
through stamp
# Somebody who is not of the post office: the node without a Pod of it.
address=$(k -n post get pod "$(ready_pods post stamp | head -n 1)" -o jsonpath='{.status.podIP}')
till=$(k -n post get pod "$(ready_pods post till | head -n 1)" -o jsonpath='{.status.podIP}')
expect 'what the node controlplane gets of the till, which nobody closed' till "$(said_on controlplane "curl -s -m 3 http://$till")"
expect 'what it gets of the stamp' nothing "$(said_on controlplane "curl -s -m 2 http://$address || echo nothing")"
pass 'the stamp answers the post office'
