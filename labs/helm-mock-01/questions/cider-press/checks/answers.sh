. "$CKX_CHECKS/1.sh"
pods=$(ready_pods cellar cider-press)
expect 'ready Pods of the Deployment cider-press' 2 "$(grep -c . <<< "$pods")"
for pod in $pods; do expect "answer of $pod" 'fresh cider' "$(page_of cellar "$pod")"; done
expect_soon 6 'answer on port 30090 of the node' 'fresh cider' curl -sS -m 3 http://controlplane:30090
pass 'the press answers'
