. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../probe.sh"
treasury=$(address castle "$(pod_of castle treasury)")
expect_soon 6 'what the gatehouse gets from the treasury, by a name that the DNS in kube-system knows' 'gold counted' asks castle "$(pod_of castle gatehouse)" http://treasury.castle.svc.cluster.local
expect_soon 4 'what the scribe gets from the treasury' nothing asks castle "$(pod_of castle scribe)" "http://$treasury"
expect_soon 4 'what the merchant gets from the treasury' nothing asks village "$(pod_of village merchant)" "http://$treasury"
pass 'the treasury is served'
