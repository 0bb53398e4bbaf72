. "$CKX_CHECKS/2.sh"
pod=$(ready_pods citadel warden)
expect 'ready Pods of warden' 1 "$(grep -c . <<< "$pod")"
expect 'account of the Pod' warden "$(k -n citadel get pod "$pod" -o jsonpath='{.spec.serviceAccountName}')"
answered() { k -n citadel logs "$pod" --tail=1 2>&1 | grep -q 'counting the guards: 200$'; }
until_true 10 answered
expect_match 'what the warden says' 'counting the guards: 200$' "$(k -n citadel logs "$pod" --tail=1 2>&1)"
pass 'the warden works'
