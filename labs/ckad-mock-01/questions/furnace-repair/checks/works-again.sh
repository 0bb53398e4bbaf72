. "$CKX_CHECKS/1.sh"
pods=$(ready_pods foundry furnace)
note "ready Pods of the Deployment furnace: ${pods:-none}"
[ -n "$pods" ] || fail 'no Pod of furnace is ready'
expect 'number of ready Pods' 1 "$(wc -l <<< "$pods")"
expect 'temperature in the ConfigMap' 1450 "$(k -n foundry get configmap furnace-settings -o json | jq -r '.data["furnace.temperature"]')"
expect 'answer of the Service on port 80' 1450 "$(k get --raw /api/v1/namespaces/foundry/services/furnace:80/proxy/ 2>&1)"
# A value typed into the Deployment would answer as well, but would not follow the ConfigMap.
expect 'places in the Deployment where the temperature is typed' 0 "$(k -n foundry get deployment furnace -o json | jq '[.spec | .. | strings | select(. == "1450")] | length')"
pass 'the application answers'
