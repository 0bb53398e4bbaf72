. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
history=$(h -n pilot history pilot -o json 2> /dev/null) || fail 'there is no release pilot in pilot'
note "$(jq -r '.[] | "revision \(.revision): \(.status), \(.description)"' <<< "$history")"
expect 'description of the last revision' 'limited by the harbour' "$(jq -r '.[-1].description' <<< "$history")"
expect 'revisions that are remembered' 3 "$(jq length <<< "$history")"
expect_at_least 'number of the last revision' 6 "$(jq '.[-1].revision' <<< "$history")"
pass 'the memory is short'
