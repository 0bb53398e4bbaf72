. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../within.sh"
expect 'ready Pods of counter' 2 "$(grep -c . <<< "$pods")"
expect 'by what the Service tells clients apart' ClientIP "$(jq -r '.spec.sessionAffinity' <<< "$service")"
answers() { within sh -c 'for i in 1 2 3 4 5 6 7 8; do curl -sS -m 2 http://'"$cluster_ip"'; done' | sort -u | grep -c .; }
expect_soon 6 'different Pods that answered one client in eight requests' 1 answers
expect_match 'who answered' "^counter-" "$(within curl -sS -m 3 "http://$cluster_ip")"
pass 'a client comes to the same Pod'
