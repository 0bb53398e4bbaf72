. "$CKX_CHECKS/2.sh"
expect 'taints of node02 with the key crane' 'down NoSchedule' "$(k get node node02 -o json | jq -r '[.spec.taints[]? | select(.key == "crane") | "\(.value) \(.effect)"] | join(",")')"
pass 'the node keeps Pods away'
