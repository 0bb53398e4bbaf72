. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
history=$(h -n tug history tug -o json 2> /dev/null) || fail 'there is no release tug in tug'
note "$(jq -r '.[] | "revision \(.revision): \(.status), \(.description)"' <<< "$history")"
expect 'state of the release' deployed "$(jq -r '.[-1].status' <<< "$history")"
expect 'the oldest revision' 1 "$(jq '.[0].revision' <<< "$history")"
expect_at_least 'number of revisions' 3 "$(jq 'length' <<< "$history")"
said=$(h -n tug upgrade tug /home/candidate/tug --reuse-values --dry-run=server 2>&1) || fail "another upgrade is refused: ${said:0:300}"
pass 'the release is unlocked'
