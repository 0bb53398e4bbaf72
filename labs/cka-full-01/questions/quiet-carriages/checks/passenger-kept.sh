. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../within.sh"
for name in conductor passenger; do needs carriages "$name"; done
for name in porter idler; do needs northside "$name"; done
# The cluster's DNS, in kube-system, is asked by its way of names.
expect_soon 8 'what the passenger gets of the conductor, by name' 'conductor answers' asked passenger http://conductor.carriages.svc.cluster.local
idler=$(ip_of idler)
expect 'what the porter gets of the idler' 'idler answers' "$(asked porter "http://$idler")"
expect 'what the passenger gets of the idler' nothing "$(asked passenger "http://$idler")"
expect 'what the passenger gets of the porter' nothing "$(asked passenger "http://$(ip_of porter)")"
pass 'the passenger is kept'
