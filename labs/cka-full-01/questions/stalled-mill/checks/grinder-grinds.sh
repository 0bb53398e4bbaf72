. "$CKX_CHECKS/2.sh"
expect 'the quotas of the namespace' 'mill {"requests.cpu":"300m"}' "$(k -n mill get resourcequotas -o json | jq -r '[.items[] | "\(.metadata.name) \(.spec.hard | tojson)"] | join(", ")')"
pods=$(ready_pods mill grinder)
expect 'ready Pods of grinder' 2 "$(grep -c . <<< "$pods")"
for pod in $pods; do
  expect_match "processor time that $pod requests" '^(50m|0\.05)$' "$(k -n mill get pod "$pod" -o jsonpath='{.spec.containers[0].resources.requests.cpu}')"
done
pass 'the grinder grinds'
