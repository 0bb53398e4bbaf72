# Sourced by every check after the functions for checks. Whoever has just edited the manifest of the API server may submit before it is back; and
# while it is away the node counts as lost: its Pods are called unready, though their containers are not, until the kubelet has reported again.
answered=''
settled() {
  local objects
  objects=$(k get nodes,pods -A -o json 2> /dev/null) || return 1
  answered=yes
  jq -e 'def is($type): any(.status.conditions[]?; .type == $type and .status == "True");
    all(.items[]; if .kind == "Node" then is("Ready") else .metadata.deletionTimestamp != null or is("Ready") or (is("ContainersReady") | not) end)' <<< "$objects" > /dev/null
}
until_true 45 settled || [ -n "$answered" ] || undecided 'The Kubernetes API does not answer.'

# on_node COMMAND: as root on the node, within 12 seconds.
on_node() { timeout 12 ssh -n controlplane "$@"; }
