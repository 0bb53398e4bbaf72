. "$CKX_CHECKS/2.sh"
# state NAME: where the Pod comes from, whether it runs, and whether it has been running for longer than one that ends at once.
state() {
  k -n kube-system get pod "$1-controlplane" -o json 2>&1 | jq -r '"\(.metadata.annotations["kubernetes.io/config.source"]) \(.metadata.ownerReferences[0].kind) "
    + (.status.containerStatuses[0] | if .ready and .state.running != null and (now - (.state.running.startedAt | fromdate)) > 6 then "runs" else "does not run" end)' 2>&1
}
expect_soon 12 'the static Pod night-scheduler' 'file Node runs' state night-scheduler
expect 'the static Pod kube-scheduler' 'file Node runs' "$(state kube-scheduler)"
expect 'image of night-scheduler' registry.k8s.io/kube-scheduler:v1.34.4 "$(k -n kube-system get pod night-scheduler-controlplane -o jsonpath='{.spec.containers[0].image}')"
pass 'the second scheduler runs'
