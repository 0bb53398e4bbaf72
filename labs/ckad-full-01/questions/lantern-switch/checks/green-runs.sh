. "$CKX_CHECKS/2.sh"
pods=$(ready_pods lantern lantern-green)
expect 'ready Pods of lantern-green' 3 "$(grep -c . <<< "$pods")"
for pod in $pods; do expect "answer of $pod" 'lantern green' "$(page_of lantern "$pod")"; done
expect 'image' nginx:1.27 "$(value_of lantern deployment lantern-green '.spec.template.spec.containers[0].image')"
pass 'green runs'
