. "$CKX_CHECKS/2.sh"
job=$(k -n ledger get job close-books -o json 2>&1) || fail "$job"
expect 'Pods at a time' 3 "$(jq '.spec.parallelism' <<< "$job")"
expect 'retries' 2 "$(jq '.spec.backoffLimitPerIndex // .spec.backoffLimit' <<< "$job")"
expect 'seconds until it is given up' 90 "$(jq '.spec.activeDeadlineSeconds' <<< "$job")"
pass 'the Job has its limits'
