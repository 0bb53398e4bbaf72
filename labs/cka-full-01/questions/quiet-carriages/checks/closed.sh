. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../within.sh"
look carriages/conductor carriages/passenger carriages/buffet northside/porter
expect 'whether a policy takes in all Pods of carriages, and lets nobody in by itself' true "$(k -n carriages get networkpolicies -o json | jq '[.items[] | .spec
  | select((.podSelector | (.matchLabels // {}) == {} and (.matchExpressions // []) == []))
  | select(any((.policyTypes // ["Ingress"])[]; . == "Ingress")) | select((.ingress // []) == [])] | length > 0')"
expect_each 'who gets an answer of whom:' 'porter answers' gets 'porter porter'
expect_each 'who gets an answer of whom:' nothing gets 'porter conductor' 'porter passenger' 'conductor passenger' 'buffet conductor'
pass 'the carriages are quiet'
