. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../within.sh"
k -n transit get service tickets-public > /dev/null 2>&1 || fail 'there is no Service tickets-public in transit'
node=$(k get nodes -o jsonpath='{.items[0].status.addresses[?(@.type=="InternalIP")].address}')
get_until 'tickets ok' "http://$node:30081"
get_until 'tickets ok' http://tickets-public.transit.svc.cluster.local:8080
pass 'the tickets are reached on the node and through the Service'
