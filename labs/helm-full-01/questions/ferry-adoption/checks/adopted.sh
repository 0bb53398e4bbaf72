. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
expect 'state and chart of the release ferry' 'deployed ferry-1.0.0' "$(release ferry ferry '"\(.status) \(.chart | sub("ferry-.*"; "ferry-1.0.0"))"')"
timetable=$(k -n ferry get configmap timetable -o json 2>&1) || fail "$timetable"
uid=$(k -n kube-system get configmap ckx-ferry-adoption -o jsonpath='{.data.uid}') # ckx-lint: allow CHECK_NAME_UNKNOWN
expect 'whether it is the same object' "$uid" "$(jq -r .metadata.uid <<< "$timetable")"
expect 'data of the timetable' 'every hour' "$(jq -r .data.departures <<< "$timetable")"
expect 'release that it belongs to' 'ferry in ferry' "$(jq -r '.metadata.annotations | "\(.["meta.helm.sh/release-name"]) in \(.["meta.helm.sh/release-namespace"])"' <<< "$timetable")"
pass 'the timetable is adopted'
