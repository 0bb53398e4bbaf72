. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../hooks.sh"
for job in 'count-chain chain' 'weigh-anchor anchor'; do
  read -r name what <<< "$job"
  expect "when -$name runs" pre-install,pre-upgrade "$(events "-$name")"
  expect "kind and image of -$name" 'Job busybox:1.36' "$(hook "-$name" '"\(.kind) \(.spec.template.spec.containers[0].image)"')"
  expect_match "what it runs" "$what" "$(hook "-$name" '.spec.template.spec.containers[0] | (.command // []) + (.args // []) | join(" ")')"
done
weight() { hook "$1" '.metadata.annotations["helm.sh/hook-weight"] // "0" | tonumber'; }
first=$(weight -count-chain) second=$(weight -weigh-anchor)
note "weights: $first and $second"
# Of equal weight, hooks of one kind are ordered by their names.
[ "$first" -le "$second" ] || fail 'the chain is counted after the anchor was weighed'
pass 'the hooks run in their order'
