. "$CKX_CHECKS/2.sh"
for name in hold lantern; do expect "ready Pods of $name" 1 "$(ready_pods cargo "$name" | grep -c .)"; done
expect 'Deployments that break a rule' '' "$(k -n cargo get deployments -o json | jq -r '[.items[].metadata.name | select(. == "deck" or . == "mast" or . == "galley")] | join(" ")')"
pass 'what is sound is applied'
