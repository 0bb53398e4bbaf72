. "$CKX_CHECKS/2.sh"
expect 'the budget' '2 clerk' "$(value_of ticketing poddisruptionbudget clerk '.spec | "\(.minAvailable) \(.selector.matchLabels.app)"')"
pods=$(ready_pods ticketing clerk)
expect 'ready Pods of clerk' 2 "$(grep -c . <<< "$pods")"
for pod in $pods; do
  expect_match "node and label of $pod" '^node0[12] clerk$' "$(k -n ticketing get pod "$pod" -o jsonpath='{.spec.nodeName} {.metadata.labels.app}')"
done
pass 'the clerks have moved'
