. "$CKX_CHECKS/2.sh"
pod=$(ready_pods citadel gate)
expect 'ready Pods of gate' 1 "$(grep -c . <<< "$pod")"
expect 'token of the Pod' none "$(k -n citadel exec "$pod" -- sh -c 'test -e /var/run/secrets/kubernetes.io/serviceaccount/token && echo "there is one" || echo none' 2>&1)"
pass 'the gate has no token'
