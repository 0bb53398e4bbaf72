. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../probe.sh"
gate=http://$(address castle "$(pod_of castle gatehouse)")
expect_soon 6 'what the merchant gets at the gate' 'gate open' asks village "$(pod_of village merchant)" "$gate"
expect_soon 4 'what the beggar of the village gets' nothing asks village "$(pod_of village beggar)" "$gate"
expect_soon 4 'what the robber of the forest gets, who is dressed as a merchant' nothing asks forest "$(pod_of forest robber)" "$gate"
pass 'the gate is open to merchants'
