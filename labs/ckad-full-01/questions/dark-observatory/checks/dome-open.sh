. "$CKX_CHECKS/2.sh"
pod=$(ready_pods observatory dome)
expect 'ready Pods of dome' 1 "$(grep -c . <<< "$pod")"
expect_match 'image' '^(docker.io/)?(library/)?nginx:1\.27(-alpine)?$' "$(k -n observatory get pod "$pod" -o jsonpath='{.spec.containers[0].image}')"
pass 'the dome is open'
