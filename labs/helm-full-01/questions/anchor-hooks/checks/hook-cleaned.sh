. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../hooks.sh"
for name in count-chain weigh-anchor; do
  policy=$(hook "-$name" '.metadata.annotations["helm.sh/hook-delete-policy"] // "before-hook-creation" | split(",") | map(gsub(" "; "")) | sort | join(",")')
  expect "when -$name is removed" before-hook-creation,hook-succeeded "$policy"
done
expect 'Jobs that are left in anchor' 0 "$(k -n anchor get jobs -o json | jq '.items | length')"
pass 'the hooks are cleaned up'
