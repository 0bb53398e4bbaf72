. "$CKX_CHECKS/2.sh"
said=$(k kustomize /home/candidate/depot/valley 2>&1) || fail "kubectl kustomize says: ${said:0:500}"
expect 'what the base renders' "$(k kustomize "${BASH_SOURCE[0]%/*}/../depot")" "$(k kustomize /home/candidate/depot/base 2>&1)"
refers=$(cat /home/candidate/depot/valley/kustomization.y*ml /home/candidate/depot/valley/Kustomization 2> /dev/null |
  yq -r '((.resources // []) + (.bases // []) + (.components // []))[]' 2> /dev/null | grep -cE '(^|/)base/?$')
expect_at_least 'times that the overlay refers to the base' 1 "$refers"
objects=$(yq -o=json -I=0 '.' <<< "$said" | jq -sc 'map(select(. != null and .kind != "Namespace"))')
look() { jq -r "$1" <<< "$objects"; }
expect 'namespaces of the overlay' valley "$(look 'map(.metadata.namespace) | unique | join(" ")')"
expect 'replicas of the overlay' 2 "$(look '.[] | select(.kind == "Deployment") | .spec.replicas')"
expect 'ConfigMap of the overlay' '{"gauge":"narrow","length":"12"}' "$(look '.[] | select(.kind == "ConfigMap") | .data | tojson' | jq -Sc .)"
pods=$(ready_pods valley depot)
expect 'ready Pods of depot in valley' 2 "$(grep -c . <<< "$pods")"
for pod in $pods; do expect "answer of $pod" 'narrow 12' "$(page_of valley "$pod")"; done
pass 'the depot is overlaid'
