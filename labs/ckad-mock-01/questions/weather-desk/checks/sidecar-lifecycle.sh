. "$CKX_CHECKS/1.sh"
pod=$(k -n tundra get pod weather-desk -o json 2>&1) || fail "$pod"
state_of() { jq -r --arg name "$1" '[.status.initContainerStatuses[]?, .status.containerStatuses[]? | select(.name == $name) | .state | keys[0]][0] // "none"' <<< "$pod"; }
expect 'state of prepare' terminated "$(state_of prepare)"
expect 'state of reporter' running "$(state_of reporter)"
expect 'state of web' running "$(state_of web)"
# Only a sidecar is an init container that still runs.
expect 'init containers that run beside web' reporter "$(jq -r '[.status.initContainerStatuses[]? | select(.state.running) | .name] | join(" ")' <<< "$pod")"
expect 'order of the init containers' 'prepare reporter' "$(jq -r '[.spec.initContainers[].name] | join(" ")' <<< "$pod")"
pass 'reporter is a sidecar'
