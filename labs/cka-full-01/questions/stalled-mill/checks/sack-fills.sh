. "$CKX_CHECKS/2.sh"
pod=$(ready_pods mill sack)
expect 'ready Pods of sack' 1 "$(grep -c . <<< "$pod")"
expect "answer of $pod" flour "$(page_of mill "$pod")"
expect_match 'how it is asked' '^(httpGet|tcpSocket|exec)' "$(k -n mill get pod "$pod" -o json | jq -r '.spec.containers[0].readinessProbe // {} | keys | map(select(. == "httpGet" or . == "tcpSocket" or . == "exec")) | join(" ")')"
pass 'the sack fills'
