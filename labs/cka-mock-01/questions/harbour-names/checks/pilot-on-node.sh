. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../within.sh"
expect_soon 8 'answer within the cluster' 'pilot answers' within curl -sS -m 3 http://pilot.roads.svc.cluster.local
node=$(k get nodes -o jsonpath='{.items[0].status.addresses[?(@.type=="InternalIP")].address}')
expect_soon 6 'answer on port 30444 of the node' 'pilot answers' curl -sS -m 3 "http://$node:30444"
pass 'the pilot is reached'
