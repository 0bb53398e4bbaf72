. "$CKX_CHECKS/2.sh"
what=proxies
. "${BASH_SOURCE[0]%/*}/../within.sh"
wanted=$(for node in controlplane node01; do echo "$(address_of "$node")"; done | sort | paste -sd' ')
# What the API server says is behind a Service, whoever wrote it.
expect_soon 6 'addresses behind the Service' "$wanted" eval 'k -n parcels get endpointslices -l kubernetes.io/service-name=proxies -o json |
  jq -r "[.items[].endpoints[]? | select(.conditions.ready != false) | .addresses[]] | unique | sort | join(\" \")" | tr " " "\n" | sort | paste -sd" "'
codes() { within sh -c 'for i in 1 2 3 4 5 6; do curl -s -o /dev/null -m 2 -w "%{http_code}\n" http://'"$cluster_ip"'/livez; done' | sort -u | paste -sd' '; }
expect_soon 8 'status of six requests' 200 codes
expect_match 'what is said' 'lastUpdated|currentTime' "$(within curl -s -m 3 "http://$cluster_ip/livez")"
pass 'the proxies are reached'
