. "$CKX_CHECKS/2.sh"
pod=$(ready_pods forge bellows)
expect 'ready Pods of bellows' 1 "$(grep -c . <<< "$pod")"
expect 'profile of its container' RuntimeDefault "$(k -n forge get pod "$pod" -o json | jq -r '.spec | (.containers[0].securityContext.seccompProfile // .securityContext.seccompProfile).type')"
expect 'mode of seccomp of the process' 2 "$(k -n forge exec "$pod" -- awk '$1 == "Seccomp:" {print $2}' /proc/1/status 2>&1)"
expect_match 'what the bellows say' whoosh "$(k -n forge logs "$pod" --tail=3 2>&1)"
pass 'the bellows have their profile'
