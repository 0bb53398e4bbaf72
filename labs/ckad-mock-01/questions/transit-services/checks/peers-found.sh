. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../within.sh"
k -n transit get service tickets-peers > /dev/null 2>&1 || fail 'there is no Service tickets-peers in transit'
wanted=$(for pod in $(ready_pods transit tickets); do k -n transit get pod "$pod" -o jsonpath='{.status.podIP}{"\n"}'; done | sort | paste -sd' ')
# A name that was asked for too early is remembered as unknown for some seconds.
found() {
  seen=$(k -n transit exec "$from" -- getent ahostsv4 tickets-peers.transit.svc.cluster.local 2> /dev/null | awk '{print $1}' | sort -u | paste -sd' ')
  [ "$seen" = "$wanted" ]
}
until_true 12 found
expect 'addresses of tickets-peers' "$wanted" "$seen"
port=$(k -n transit get service tickets-peers -o jsonpath='{.spec.ports[*].port}')
expect 'port of tickets-peers' 80 "$port"
pass 'the peers are found'
