. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../probe.sh"
scribe=$(pod_of castle scribe) merchant=$(pod_of village merchant) treasury=$(pod_of castle treasury)
expect 'answer of the treasury to its own node' 'gold counted' "$(page_of castle "$treasury")"
expect_soon 6 'what the scribe gets from the merchant' nothing asks castle "$scribe" "http://$(address village "$merchant")"
expect_soon 6 'what the merchant gets from the scribe' nothing asks village "$merchant" "http://$(address castle "$scribe")"
expect 'Pods of the scribe' 1 "$(ready_pods castle scribe | grep -c .)"
pass 'the castle is closed'
