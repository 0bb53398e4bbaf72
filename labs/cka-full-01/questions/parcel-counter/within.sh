# Sourced by the checks.
. "${BASH_SOURCE[0]%/*}/../../node.sh"
pods=$(ready_pods parcels counter | sort)
[ -n "$pods" ] || fail 'no Pod of the Deployment counter is ready'
within() { k -n parcels exec "$(head -n 1 <<< "$pods")" -c web -- "$@" 2>&1; }
service=$(k -n parcels get service "${what:-counter}" -o json 2>&1) || fail "$service"
cluster_ip=$(jq -r .spec.clusterIP <<< "$service")
expect_match "address of the Service ${what:-counter}" '^[0-9]+\.' "$cluster_ip"
