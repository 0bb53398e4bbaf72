. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
expect 'state and chart of the release silo in harvest-silo' 'deployed barn-0.3.0' "$(release harvest-silo silo '"\(.status) \(.chart)"')"
pod=$(ready_pods harvest-silo silo | head -n 1)
[ -n "$pod" ] || fail 'no Pod of silo is ready'
expect "answer of $pod" rye "$(page_of harvest-silo "$pod")"
pass 'the silo is installed'
