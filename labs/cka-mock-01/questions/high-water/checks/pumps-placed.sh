. "$CKX_CHECKS/1.sh"
expect 'ground of the node controlplane' low "$(k get node controlplane -o jsonpath='{.metadata.labels.ground}')"
pods=$(ready_pods dyke pumps)
expect 'ready Pods of pumps' 2 "$(grep -c . <<< "$pods")"
spec=$(k -n dyke get deployment pumps -o json | jq -c .spec.template.spec)
# By a selector, or by an affinity all of whose alternatives ask for the label.
expect 'whether other nodes are ruled out' true "$(jq '
  (.nodeSelector.ground == "low") or
  ([.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[]?] as $terms
    | ($terms | length) > 0 and all($terms[]; any(.matchExpressions[]?; .key == "ground" and .operator == "In" and .values == ["low"])))' <<< "$spec")"
pass 'the pumps are placed'
