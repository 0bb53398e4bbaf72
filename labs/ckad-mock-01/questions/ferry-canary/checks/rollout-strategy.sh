. "$CKX_CHECKS/1.sh"
deployment=$(k -n harbor get deployment ferry -o json 2>&1) || fail "$deployment"
note "strategy: $(jq -c '.spec.strategy' <<< "$deployment"), replicas: $(jq '.spec.replicas' <<< "$deployment")"
expect 'kind of strategy' RollingUpdate "$(jq -r '.spec.strategy.type' <<< "$deployment")"
# Counted as the controller counts: percentages of unavailable Pods are rounded down, those of surplus Pods up.
pods() { jq -r --arg field "$1" --arg round "$2" '.spec as $spec | .spec.strategy.rollingUpdate[$field] // "25%" | tostring
  | if endswith("%") then (rtrimstr("%") | tonumber) * $spec.replicas / 100 | if $round == "up" then ceil else floor end else tonumber end' <<< "$deployment"; }
expect 'Pods that may be missing during an update' 0 "$(pods maxUnavailable down)"
expect 'Pods that may be surplus during an update' 1 "$(pods maxSurge up)"
expect 'ready Pods of ferry' 3 "$(ready_pods harbor ferry | grep -c .)"
pass 'an update keeps all Pods available'
