. "$CKX_CHECKS/1.sh"
expect 'state and size of the claim keeper-book' 'Bound 50Mi' "$(value_of coast persistentvolumeclaim keeper-book '"\(.status.phase) \(.spec.resources.requests.storage)"')"
pod=$(ready_pods coast keeper)
expect 'ready Pods of keeper' 1 "$(grep -c . <<< "$pod")"
expect 'claim of the Pod' keeper-book "$(k -n coast get pod "$pod" -o json | jq -r '[.spec.volumes[] | .persistentVolumeClaim.claimName // empty] | join(" ")')"
expect_match 'what the keeper wrote last' '[0-9]{2}:[0-9]{2}:[0-9]{2}' "$(k -n coast exec "$pod" -- cat /book/last 2>&1)"
pass 'the keeper writes'
