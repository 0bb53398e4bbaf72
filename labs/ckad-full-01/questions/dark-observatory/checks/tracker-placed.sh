. "$CKX_CHECKS/2.sh"
pod=$(ready_pods observatory tracker)
expect 'ready Pods of tracker' 1 "$(grep -c . <<< "$pod")"
requests=$(k -n observatory get pod "$pod" -o json | jq -r '.spec.containers[0].resources.requests | "\(.cpu) \(.memory)"')
expect_match 'processor time and memory' '^(100m|0\.1) 64Mi$' "$requests"
expect 'nodes with the label motor' 0 "$(k get nodes -l motor -o name | grep -c .)"
pass 'the tracker has its place'
