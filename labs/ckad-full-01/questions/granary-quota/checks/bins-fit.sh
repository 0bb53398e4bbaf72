. "$CKX_CHECKS/2.sh"
pods=$(ready_pods granary bins)
expect 'ready Pods of bins' 3 "$(grep -c . <<< "$pods")"
for pod in $pods; do
  # A fifth of a processor can be written in several ways; the API server writes it in one.
  expect "resources of $pod" '{"limits":{"cpu":"200m","memory":"128Mi"},"requests":{"cpu":"100m","memory":"64Mi"}}' \
    "$(k -n granary get pod "$pod" -o json | jq -Sc '.spec.containers[0].resources | {limits: .limits, requests: .requests}')"
done
expect 'the quota store' '{"limits.cpu":"1","limits.memory":"800Mi","pods":"8","requests.cpu":"500m","requests.memory":"400Mi"}' \
  "$(k -n granary get resourcequota store -o json | jq -Sc .spec.hard)"
pass 'the bins fit'
