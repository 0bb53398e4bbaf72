. "$CKX_CHECKS/2.sh"
deployment=$(k -n tide get deployment tide-table -o json 2>&1) || fail "$deployment"
expect 'kind of strategy' RollingUpdate "$(jq -r '.spec.strategy.type' <<< "$deployment")"
# Counted as the controller counts: percentages of unavailable Pods are rounded down, those of surplus Pods up.
pods() { jq -r --arg field "$1" --arg round "$2" '.spec as $spec | .spec.strategy.rollingUpdate[$field] // "25%" | tostring
  | if endswith("%") then (rtrimstr("%") | tonumber) * $spec.replicas / 100 | if $round == "up" then ceil else floor end else tonumber end' <<< "$deployment"; }
expect 'Pods that may be missing during an update' 0 "$(pods maxUnavailable down)"
expect 'Pods that may be surplus during an update' 2 "$(pods maxSurge up)"
expect 'old revisions that are kept' 3 "$(jq '.spec.revisionHistoryLimit' <<< "$deployment")"
pass 'updates are gentle'
