. "$CKX_CHECKS/2.sh"
pod=$(ready_pods mill wheel)
expect 'ready Pods of wheel' 1 "$(grep -c . <<< "$pod")"
expect_match 'image' '^(docker.io/)?(library/)?nginx:1\.27(-alpine)?$' "$(k -n mill get pod "$pod" -o jsonpath='{.spec.containers[0].image}')"
pass 'the wheel turns'
