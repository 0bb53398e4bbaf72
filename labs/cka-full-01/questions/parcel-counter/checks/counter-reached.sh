. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../within.sh"
expect 'port of the container that is named desk' 8081 "$(value_of parcels deployment counter '[.spec.template.spec.containers[].ports[]? | select(.name == "desk") | .containerPort] | join(" ")')"
expect 'port of the Pods that the Service names' desk "$(jq -r '.spec.ports[] | select(.port == 80) | .targetPort' <<< "$service")"
expect 'ready Pods of counter' 2 "$(grep -c . <<< "$pods")"
is_counter() { local said; said=$("$@"); grep -qxF -- "${said:-none}" <<< "$pods" && echo counter || echo "${said:0:100}"; }
expect_soon 8 'who answers within the cluster' counter is_counter within curl -sS -m 3 "http://$cluster_ip"
for node in controlplane node01; do
  expect_soon 6 "who answers on port 30777 of $node" counter is_counter curl -sS -m 3 "http://$(address_of "$node"):30777"
done
pass 'the counter is reached'
