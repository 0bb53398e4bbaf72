. "$CKX_CHECKS/2.sh"
pods=$(ready_pods tide tide-table)
expect 'ready Pods of tide-table' 4 "$(grep -c . <<< "$pods")"
for pod in $pods; do
  expect "image and answer of $pod" 'nginx:1.28 tide 2' "$(k -n tide get pod "$pod" -o jsonpath='{.spec.containers[0].image}') $(page_of tide "$pod")"
done
pass 'release 2 is served'
