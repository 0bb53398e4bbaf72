. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
history=$(h -n bakery history oven -o json 2> /dev/null) || fail 'there is no release oven in bakery'
note "$(jq -r '.[] | "revision \(.revision): \(.status), \(.description)"' <<< "$history")"
expect 'the oldest revision' 1 "$(jq -r 'map(.revision) | min' <<< "$history")"
expect 'rollbacks to revision 2' true "$(jq -r 'any(.description == "Rollback to 2")' <<< "$history")"
expect 'state of the release' deployed "$(release bakery oven .status)"
pass 'the release was rolled back'
