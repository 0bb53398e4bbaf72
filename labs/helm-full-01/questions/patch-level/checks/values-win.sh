. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
pod=$(ready_pods north-sea gull-boat) # ckx-lint: allow CHECK_NAME_UNKNOWN
expect 'ready Pods of the release' 1 "$(grep -c . <<< "$pod")"
expect 'what the boat says' 'timber under a red flag, captain Ada with 5 sailors' "$(page_of north-sea "$pod")"
expect 'captain among the values of the release' Ada "$(values_of north-sea gull .crew.captain)"
pass 'the right values win'
