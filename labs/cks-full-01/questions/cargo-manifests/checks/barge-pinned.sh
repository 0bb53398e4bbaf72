. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../../../node.sh"
pod=$(ready_pods cargo barge)
expect 'ready Pods of barge' 1 "$(grep -c . <<< "$pod")"
digest=$(on_node "ctr -n k8s.io images ls | awk '\$1 == \"docker.io/library/nginx:1.27\" {print \$3}'")
[[ $digest == sha256:* ]] || undecided 'the node does not say which image the tag means'
expect_match 'image of the Pod' "nginx(:[a-z0-9.-]+)?@$digest\$" "$(k -n cargo get pod "$pod" -o jsonpath='{.spec.containers[0].image}')"
expect_match 'answer of the Pod' 'Welcome to nginx!' "$(page_of cargo "$pod")"
pass 'the barge is pinned'
