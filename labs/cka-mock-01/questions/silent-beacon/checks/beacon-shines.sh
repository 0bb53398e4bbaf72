. "$CKX_CHECKS/1.sh"
pods=$(k -n coast get pods -o json | jq -c '[.items[] | select(.metadata.name | startswith("beacon")) | select(any(.status.conditions[]?; .type == "Ready" and .status == "True"))
  | {name: .metadata.name, source: .metadata.annotations["kubernetes.io/config.source"], owner: .metadata.ownerReferences[0].kind}]')
note "ready Pods whose name begins with beacon: $pods"
expect 'where the beacon comes from' 'file Node' "$(jq -r '[.[] | "\(.source) \(.owner)"] | join(",")' <<< "$pods")"
expect 'what it answers' 'beacon lit' "$(page_of coast "$(jq -r '.[0].name' <<< "$pods")" 8085)"
pass 'the beacon shines'
