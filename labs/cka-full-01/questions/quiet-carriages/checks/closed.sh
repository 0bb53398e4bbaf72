. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../within.sh"
needs carriages conductor
needs carriages passenger
needs carriages buffet
needs northside porter
expect 'whether a policy takes in all Pods of carriages, and lets nobody in by itself' true "$(k -n carriages get networkpolicies -o json | jq '[.items[] | .spec
  | select((.podSelector | (.matchLabels // {}) == {} and (.matchExpressions // []) == []))
  | select(any((.policyTypes // ["Ingress"])[]; . == "Ingress")) | select((.ingress // []) == [])] | length > 0')"
expect 'what the porter gets of the porter' 'porter answers' "$(asked porter "http://$(ip_of porter)")"
for pair in 'porter conductor' 'porter passenger' 'conductor passenger' 'buffet conductor'; do
  expect "what ${pair% *} gets of ${pair#* }" nothing "$(asked "${pair% *}" "http://$(ip_of "${pair#* }")")"
done
pass 'the carriages are quiet'
