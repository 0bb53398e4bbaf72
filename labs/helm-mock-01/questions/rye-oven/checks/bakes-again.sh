. "$CKX_CHECKS/1.sh"
pods=$(ready_pods bakery oven)
expect 'ready Pods of oven' 3 "$(grep -c . <<< "$pods")"
for pod in $pods; do expect "answer of $pod" 'rye bread, salt 2' "$(page_of bakery "$pod")"; done
pass 'the oven bakes rye bread'
