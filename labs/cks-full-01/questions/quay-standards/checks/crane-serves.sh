. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../../../pod.sh"
pod=$(ready_pods quay crane)
expect 'ready Pods of crane' 1 "$(grep -c . <<< "$pod")"
expect 'answer of the Pod' 'crane up' "$(page_of quay "$pod" 8080)"
said=$(k label --dry-run=server --overwrite namespace quay pod-security.kubernetes.io/enforce=restricted 2>&1)
note "what the API server says of the Pods in quay: ${said:0:600}"
[[ $said != *"$pod"* ]] || fail 'the Pod of the crane violates restricted'
status=$(k -n quay exec "$pod" -c crane -- cat /proc/1/status 2>&1)
field() { awk -v name="$1:" '$1 == name {print $2}' <<< "$status"; }
expect 'capabilities and flag of the process' '0000000000000000 1' "$(field CapBnd) $(field NoNewPrivs)"
expect_match 'user of the process' '^[1-9][0-9]*$' "$(field Uid)"
template=$(k -n quay get deployment crane -o json | jq -r '.spec.template.spec | .initContainers[0].image + " " + .containers[0].image')
expect 'images' 'busybox:1.36 nginx:1.27' "$template"
pass 'the crane serves'
