. "$CKX_CHECKS/2.sh"
path=$(value_of attic ingress attic-clock '[.spec.rules[]? | select((.host // "") == "") | .http.paths[]? | select((.path | rtrimstr("/")) == "/clock")][0]')
[ -n "$path" ] || fail 'the Ingress attic-clock has no rule for /clock'
expect_match 'type of the path' '^(Prefix|ImplementationSpecific)$' "$(jq -r .pathType <<< "$path")"
expect 'Service behind it' 'attic-clock 80' "$(jq -r '.backend.service | "\(.name) \(.port.number // .port.name)"' <<< "$path")"
expect 'schedule of wind-the-clock' '0 6 * * 1' "$(value_of attic cronjob wind-the-clock .spec.schedule)"
pass 'the clock is reached and wound'
