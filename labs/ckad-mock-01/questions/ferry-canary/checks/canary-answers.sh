. "$CKX_CHECKS/1.sh"
pods=$(ready_pods harbor ferry-canary)
note "ready Pods of the Deployment ferry-canary: ${pods:-none}"
[ -n "$pods" ] || fail 'no Pod of ferry-canary is ready'
expect 'number of ready Pods' 1 "$(wc -l <<< "$pods")"
expect 'answer of the Pod' 'ferry v2' "$(page_of harbor "$pods")"
expect 'image' "$(k -n harbor get deployment ferry -o jsonpath='{.spec.template.spec.containers[0].image}')" \
  "$(k -n harbor get deployment ferry-canary -o jsonpath='{.spec.template.spec.containers[0].image}')"
pass 'the canary runs v2'
