. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../within.sh"
wanted=$(for pod in $(ready_pods roads convoy); do k -n roads get pod "$pod" -o jsonpath='{.status.podIP}{"\n"}'; done | sort | paste -sd' ')
found() { within getent ahostsv4 convoy.roads.svc.cluster.local 2> /dev/null | awk '{print $1}' | sort -u | paste -sd' '; }
expect_soon 12 'addresses of convoy' "$wanted" found
expect 'ports of convoy' 80 "$(value_of roads service convoy '[.spec.ports[].port] | join(" ")')"
pass 'the convoy has a name'
