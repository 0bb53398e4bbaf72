. "$CKX_CHECKS/1.sh"
# matched DEPLOYMENT: how many Pods its selector matches.
matched() {
  local labels
  labels=$(k -n harbor get deployment "$1" -o json 2> /dev/null | jq -r '.spec.selector.matchLabels // {} | to_entries | map("\(.key)=\(.value)") | join(",")')
  [ -n "$labels" ] || { echo none; return; }
  k -n harbor get pods -l "$labels" -o json | jq -r '[.items[] | select(.metadata.deletionTimestamp == null)] | length'
}
expect 'Pods matched by the selector of ferry-canary' 1 "$(matched ferry-canary)"
expect 'Pods matched by the selector of ferry' 3 "$(matched ferry)"
stable=$(ready_pods harbor ferry)
expect 'ready Pods of ferry' 3 "$(grep -c . <<< "$stable")"
for pod in $stable; do expect "answer of $pod" 'ferry v1' "$(page_of harbor "$pod")"; done
pass 'the Deployments are apart'
