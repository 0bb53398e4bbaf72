. "$CKX_CHECKS/1.sh"
set=$(k -n dyke get daemonset gauge -o json 2>&1) || fail "$set"
expect_soon 10 'Pods that are ready' "$(k get nodes -o name | wc -l | tr -d ' ')" k -n dyke get daemonset gauge -o jsonpath='{.status.numberReady}'
expect 'image and requests' 'busybox:1.36 10m 16Mi' "$(jq -r '.spec.template.spec.containers[0] | "\(.image) \(.resources.requests.cpu) \(.resources.requests.memory)"' <<< "$set")"
expect 'whether every taint is tolerated' true "$(jq '[.spec.template.spec.tolerations[]? | select(.operator == "Exists" and (.key // "") == "" and (.effect // "") == "")] | length > 0' <<< "$set")"
expect 'limits to certain nodes' 0 "$(jq '[.spec.template.spec | .nodeSelector // empty, .affinity.nodeAffinity // empty] | length' <<< "$set")"
pass 'there is a gauge everywhere'
