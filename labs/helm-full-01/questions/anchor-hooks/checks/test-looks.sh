. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../hooks.sh"
expect 'what -lookout is' test "$(events -lookout)"
expect 'how the last run of the test ended' Succeeded "$(h -n anchor status ship -o json | jq -r '[.hooks[]? | select(.name | endswith("-lookout")) | .last_run.phase][0] // "never run"')"
# The same Pod for a ship that is not there must fail.
probe=ship-lookout-probe
trap 'k -n anchor delete pod "$probe" --ignore-not-found --force --grace-period=0 > /dev/null 2>&1' EXIT
k -n anchor delete pod "$probe" --ignore-not-found --force --grace-period=0 > /dev/null 2>&1
pod=$(rendered '[.[] | select(.kind == "Pod" and (.metadata.name | endswith("-lookout")))][0] | tojson' nobody /home/candidate/ship --namespace anchor)
[ -n "$pod" ] && [ "$pod" != null ] || fail 'the chart has no Pod whose name ends with -lookout'
jq --arg name "$probe" '.metadata = {name: $name, namespace: "anchor"}' <<< "$pod" | k apply -f - > /dev/null || fail 'the Pod of the test could not be made'
ended() { [[ $(k -n anchor get pod "$probe" -o jsonpath='{.status.phase}') == @(Failed|Succeeded) ]]; }
# ckx-lint: allow WAIT_TOO_LONG
until_true 25 ended || fail 'the test does not end when nobody answers'
expect 'how the test ends when nobody answers' Failed "$(k -n anchor get pod "$probe" -o jsonpath='{.status.phase}')"
pass 'the test looks'
