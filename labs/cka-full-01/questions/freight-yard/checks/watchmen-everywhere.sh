. "$CKX_CHECKS/2.sh"
set=$(k -n yard get daemonset watchman -o json 2>&1) || fail "$set"
expect 'image and request' 'busybox:1.36 10m' "$(jq -r '.spec.template.spec.containers[0] | "\(.image) \(.resources.requests.cpu)"' <<< "$set")"
expect 'whether every taint is tolerated' true "$(jq '[.spec.template.spec.tolerations[]? | select(.operator == "Exists" and (.key // "") == "" and (.effect // "") == "")] | length > 0' <<< "$set")"
expect 'limits to certain nodes' 0 "$(jq '[.spec.template.spec | .nodeSelector // empty, .affinity.nodeAffinity // empty] | length' <<< "$set")"
# Nodes that are not Ready run nothing, and are another question's.
nodes=$(k get nodes -o json | jq -r '.items[] | select(any(.status.conditions[]; .type == "Ready" and .status == "True")) | .metadata.name' | sort | paste -sd' ')
watched() {
  k -n yard get pods -o json | jq -r --arg nodes "$nodes" '($nodes / " ") as $wanted | [.items[]
    | select(any(.metadata.ownerReferences[]?; .kind == "DaemonSet" and .name == "watchman"))
    | select(any(.status.conditions[]?; .type == "Ready" and .status == "True")) | .spec.nodeName
    | select(. as $node | any($wanted[]; . == $node))] | unique | join(" ")'
}
expect_soon 10 'nodes with a ready Pod' "$nodes" watched
pass 'there is a watchman everywhere'
