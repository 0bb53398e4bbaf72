. "$CKX_CHECKS/2.sh"
cron=$(k -n ledger get cronjob daily-ledger -o json 2>&1) || fail "$cron"
expect 'schedule' '30 2 * * *' "$(jq -r '.spec.schedule | split(" ") | map(select(. != "") | ltrimstr("0") | if . == "" then "0" else . end) | join(" ")' <<< "$cron")"
expect_match 'time zone' '^(Etc/)?(UTC|UCT|Zulu)$' "$(jq -r '.spec.timeZone' <<< "$cron")"
expect 'what happens while a run is under way' Forbid "$(jq -r '.spec.concurrencyPolicy' <<< "$cron")"
expect 'seconds until a run is skipped' 100 "$(jq '.spec.startingDeadlineSeconds' <<< "$cron")"
expect 'Jobs kept that succeeded, and that failed' '2 1' "$(jq -r '"\(.spec.successfulJobsHistoryLimit) \(.spec.failedJobsHistoryLimit)"' <<< "$cron")"
expect 'whether it is suspended' false "$(jq '.spec.suspend // false' <<< "$cron")"
pass 'the CronJob has its rules'
