. "$CKX_CHECKS/1.sh"
pods=$(ready_pods coast siren | sort)
expect 'ready Pods of siren' 2 "$(grep -c . <<< "$pods")"
expect_soon 6 'answer of the Service siren' siren k get --raw /api/v1/namespaces/coast/services/siren:80/proxy/
expect 'Pods behind the Service' "$pods" "$(k -n coast get endpointslices -l kubernetes.io/service-name=siren -o json |
  jq -r '[.items[].endpoints[]? | select(.conditions.ready) | .targetRef.name // "an address without a Pod"] | unique[]')"
pass 'the siren is heard'
