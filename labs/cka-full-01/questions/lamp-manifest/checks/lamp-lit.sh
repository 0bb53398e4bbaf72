. "$CKX_CHECKS/2.sh"
pod=$(k -n lamp-house get pod lamp-node01 -o json 2>&1) || fail "$pod"
expect 'where the lamp comes from, and whose it is' 'file Node' "$(jq -r '"\(.metadata.annotations["kubernetes.io/config.source"]) \(.metadata.ownerReferences[0].kind)"' <<< "$pod")"
expect 'its label and its image' 'lamp nginx:1.27' "$(jq -r '"\(.metadata.labels.app) \(.spec.containers[0].image | sub("^docker.io/"; "") | sub("^library/"; ""))"' <<< "$pod")"
expect_soon 8 'whether it is ready' True k -n lamp-house get pod lamp-node01 -o jsonpath='{.status.conditions[?(@.type=="Ready")].status}'
k get --raw /api/v1/namespaces/lamp-house/pods/lamp-node01:80/proxy/ > /dev/null 2>&1 || fail 'it does not answer on port 80'
pass 'the lamp is lit'
