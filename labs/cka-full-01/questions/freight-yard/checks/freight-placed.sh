. "$CKX_CHECKS/2.sh"
expect 'track of the node node01' heavy "$(k get node node01 -o jsonpath='{.metadata.labels.track}')"
deployment=$(k -n yard get deployment freight -o json 2>&1) || fail "$deployment"
wanted=$(jq -r .spec.replicas <<< "$deployment")
expect_at_least 'replicas of freight' 2 "$wanted"
pods=$(ready_pods yard freight)
expect 'ready Pods of freight' "$wanted" "$(grep -c . <<< "$pods")"
heavy=$(k get nodes -l track=heavy -o name)
for pod in $pods; do
  expect_match "node of $pod, among those with heavy tracks ($(paste -sd' ' <<< "$heavy"))" "^yes" \
    "$(grep -qx "node/$(k -n yard get pod "$pod" -o jsonpath='{.spec.nodeName}')" <<< "$heavy" && echo yes || echo no)"
done
# By a selector, or by an affinity all of whose alternatives ask for the label.
expect 'whether other nodes are ruled out' true "$(jq '.spec.template.spec |
  (.nodeSelector.track == "heavy") or
  ([.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[]?] as $terms
    | ($terms | length) > 0 and all($terms[]; any(.matchExpressions[]?; .key == "track" and .operator == "In" and .values == ["heavy"])))' <<< "$deployment")"
expect 'processor time that a Pod requests' 20m "$(jq -r '.spec.template.spec.containers[0].resources.requests.cpu // "none"' <<< "$deployment")"
scalers=$(k -n yard get horizontalpodautoscalers.v2.autoscaling -o json | jq -r '[.items[]
  | select(.spec.scaleTargetRef.kind == "Deployment" and .spec.scaleTargetRef.name == "freight") | .spec
  | "\(.minReplicas // 1) to \(.maxReplicas) at \([.metrics[]? | select(.type == "Resource" and .resource.name == "cpu") | .resource.target.averageUtilization] | join(",")) %"] | join("; ")')
expect 'autoscalers of freight' '2 to 5 at 60 %' "$scalers"
pass 'the freight is placed'
