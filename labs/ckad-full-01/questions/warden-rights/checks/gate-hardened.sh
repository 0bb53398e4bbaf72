. "$CKX_CHECKS/2.sh"
pod=$(ready_pods citadel gate)
expect 'ready Pods of gate' 1 "$(grep -c . <<< "$pod")"
status=$(k -n citadel exec "$pod" -- cat /proc/1/status 2>&1)
field() { awk -v name="$1:" '$1 == name {print $2}' <<< "$status"; }
expect 'user and group of the process' '101 101' "$(field Uid) $(field Gid)"
# Bit 10 is NET_BIND_SERVICE.
expect 'capabilities within reach' 0000000000000400 "$(field CapBnd)"
expect 'no new privileges' 1 "$(field NoNewPrivs)"
spec=$(k -n citadel get pod "$pod" -o json | jq -c '.spec | {pod: .securityContext, own: .containers[0].securityContext}')
expect 'seccomp profile' RuntimeDefault "$(jq -r '.own.seccompProfile.type // .pod.seccompProfile.type' <<< "$spec")"
expect 'whether root is refused' true "$(jq -r 'if .own.runAsNonRoot != null then .own.runAsNonRoot else .pod.runAsNonRoot end' <<< "$spec")"
expect 'answer of the gate' 'who goes there' "$(page_of citadel "$pod" 8080)"
pass 'the gate is hardened'
