. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../../../pod.sh"
on_host='{"hostNetwork": true, "containers": [{"name": "c", "image": "nginx:1.27"}]}'
said=$(try seabed "$on_host")
expect_match 'answer to a Pod on the network of the node in seabed' 'created \(server dry run\)' "$said"
expect_match 'warning about it' 'would violate PodSecurity "baseline' "$said"
pod=$(ready_pods seabed sonar)
expect 'ready Pods of sonar in seabed' 1 "$(grep -c . <<< "$pod")"
expect_soon 6 'what the sonar says' 'hearing the node' k -n seabed logs "$pod" --tail=1
expect 'Deployments sonar in quay' '' "$(k -n quay get deployment sonar -o name --ignore-not-found)"
pass 'the sonar has moved'
