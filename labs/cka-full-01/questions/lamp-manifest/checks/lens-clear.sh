. "$CKX_CHECKS/2.sh"
deployment=$(k -n lamp-house get deployment lens -o json 2>&1) || fail "$deployment"
expect 'replicas, Pods that may be missing, and Pods more' '2 0 1' "$(jq -r '.spec | "\(.replicas) \(.strategy.rollingUpdate.maxUnavailable) \(.strategy.rollingUpdate.maxSurge)"' <<< "$deployment" | sed 's/0%/0/')"
pods=$(ready_pods lamp-house lens)
expect 'ready Pods of lens' 2 "$(grep -c . <<< "$pods")"
for pod in $pods; do expect "answer of $pod" 'lens clear' "$(page_of lamp-house "$pod")"; done
pass 'the lens is clear'
