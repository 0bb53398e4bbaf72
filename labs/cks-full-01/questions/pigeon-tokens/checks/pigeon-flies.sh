. "$CKX_CHECKS/2.sh"
pod=$(ready_pods loft pigeon)
expect 'ready Pods of pigeon' 1 "$(grep -c . <<< "$pod")"
expect 'account of the Pod' pigeon "$(k -n loft get pod "$pod" -o jsonpath='{.spec.serviceAccountName}')"
expect_soon 8 'what the pigeon says' 'in the air with a letter' k -n loft logs "$pod" --tail=1
pass 'the pigeon flies'
