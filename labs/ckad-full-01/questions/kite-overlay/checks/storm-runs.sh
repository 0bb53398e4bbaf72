. "$CKX_CHECKS/2.sh"
pods=$(ready_pods storm storm-kite)
expect 'ready Pods of storm-kite in storm' 3 "$(grep -c . <<< "$pods")"
for pod in $pods; do expect "answer of $pod" 'wind 90 from west' "$(page_of storm "$pod")"; done
expect_soon 5 'answer of the Service storm-kite' 'wind 90 from west' k get --raw /api/v1/namespaces/storm/services/storm-kite:80/proxy/
pass 'the kites fly in the storm'
