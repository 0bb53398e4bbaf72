. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../within.sh"
get_until 'timetable ok' http://timetable.transit.svc.cluster.local
expect 'Pods behind the Service' "$(ready_pods transit timetable | sort)" "$(k -n transit get endpointslices -l kubernetes.io/service-name=timetable -o json |
  jq -r '[.items[].endpoints[]? | select(.conditions.ready) | .targetRef.name // "an address without a Pod"] | unique[]')"
pass 'the timetable is reached'
