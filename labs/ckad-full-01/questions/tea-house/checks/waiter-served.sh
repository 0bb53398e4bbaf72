. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../within.sh"
look tea-house/waiter tea-house/kitchen tea-house/guest tea-import/importer
policies=$(k -n tea-house get networkpolicies -o json)
expect 'whom the policy kitchen lets in' '[{"from":[{"podSelector":{"matchLabels":{"serves":"tea"}}}],"ports":[{"port":80,"protocol":"TCP"}]}]' \
  "$(jq -Sc '.items[] | select(.metadata.name == "kitchen" and .spec.podSelector.matchLabels == {app: "kitchen"}) | .spec.ingress' <<< "$policies")"
expect 'whom the policy closed is for, and whom it lets in' '{} []' "$(jq -r '.items[] | select(.metadata.name == "closed") | .spec | "\(.podSelector | tojson) \(.ingress // [] | tojson)"' <<< "$policies")"
expect 'other policies that let somebody into the kitchen' '' "$(jq -r '[.items[] | select(.metadata.name != "kitchen" and (.spec.ingress // []) != [])
  | select(.spec.podSelector | (.matchLabels // {}).app == "kitchen" or ((.matchLabels // {}) == {} and (.matchExpressions // []) == [])) | .metadata.name] | join(" ")' <<< "$policies")"
expect_soon 8 'what waiter gets of kitchen' 'kitchen answers' gets waiter kitchen
expect_each 'who gets an answer of whom:' nothing gets 'guest kitchen' 'importer kitchen'
pass 'the waiters are served'
