. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../within.sh"
answer_within http://pump-station.canal.svc.cluster.local 'pump working'
node=$(k get nodes -o jsonpath='{.items[0].status.addresses[?(@.type=="InternalIP")].address}')
expect_soon 6 "answer on port 30333 of the node" 'pump working' curl -sS -m 3 "http://$node:30333"
pass 'the pump is reached'
