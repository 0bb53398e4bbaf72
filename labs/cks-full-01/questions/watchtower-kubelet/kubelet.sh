# Sourced by the checks.
node=$(k get node controlplane -o jsonpath='{.status.addresses[?(@.type=="InternalIP")].address}')
[ -n "$node" ] || fail 'the node has no address'
# code URL [TOKEN]: the status of the answer, 000 where there is none.
code() { curl -sk -m 5 -o /dev/null -w '%{http_code}' ${2:+-H "Authorization: Bearer $2"} "$1"; }
# A kubelet that was started anew a moment ago needs some seconds.
kubelet_runs() { [ "$(on_node curl -s -m 3 http://127.0.0.1:10248/healthz 2> /dev/null)" = ok ]; }
wait_for 10 'whether the kubelet runs' kubelet_runs
