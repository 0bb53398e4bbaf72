. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
# template ARGUMENTS: a digest of the Pod template that the chart makes; what differs here makes new Pods.
template() { local made; made=$(rendered '[.[] | select(.kind == "Deployment") | .spec.template, [.spec.template.spec.volumes[]?, .spec.template.spec.containers[].envFrom[]?]] | tojson' lamp /home/candidate/lamp --namespace lamp "$@") && [ -n "$made" ] && sha256sum <<< "$made" | cut -c1-12; }
red=$(template --set colour=red,replicas=2)
[ -n "$red" ] || fail 'the chart does not render'
[ "$red" != "$(template --set colour=blue,replicas=2)" ] || fail 'another colour makes no new Pods'
note 'another colour makes new Pods'
sleep 1
expect 'Pod template of the same values a second later' "$red" "$(template --set colour=red,replicas=2)"
expect 'Pod template with other replicas' "$red" "$(template --set colour=red,replicas=3)"
expect 'Pod template of an upgrade' "$red" "$(template --set colour=red,replicas=2 --is-upgrade)"
expect 'kind of the number of replicas' number "$(rendered '.[] | select(.kind == "Deployment") | .spec.replicas | type' lamp /home/candidate/lamp --set replicas=2)"
pass 'changes are noticed'
