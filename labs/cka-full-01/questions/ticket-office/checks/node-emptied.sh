. "$CKX_CHECKS/2.sh"
expect 'whether controlplane is closed to new Pods' true "$(k get node controlplane -o json | jq -r '.spec.unschedulable // false')"
# Pods of checks, whose names begin with ckx-, come and go.
left() {
  k get pods -A --field-selector spec.nodeName=controlplane -o json | jq -r '[.items[]
    | select(.status.phase != "Succeeded" and .status.phase != "Failed")
    | select(any(.metadata.ownerReferences[]?; .kind == "DaemonSet" or .kind == "Node") | not)
    | select((.metadata.name | startswith("ckx-")) | not) | "\(.metadata.namespace)/\(.metadata.name)"] | join(" ")'
}
expect_soon 8 'other Pods on it' '' left
pass 'the node is out of service'
