. "$CKX_CHECKS/2.sh"
owner=$(value_of ledger job daily-ledger-now '.metadata.ownerReferences[0] | "\(.kind) \(.name)"')
expect 'whose run the Job daily-ledger-now is' 'CronJob daily-ledger' "$owner"
expect_soon 10 'Pods of it that succeeded' 1 k -n ledger get job daily-ledger-now -o jsonpath='{.status.succeeded}'
said=$(k -n ledger logs job/daily-ledger-now 2>&1)
expect_match 'what it said' '^ledger of north-bank$' "$said"
expect 'places in its template where the value is typed' 0 "$(k -n ledger get job daily-ledger-now -o json | jq '[.spec | .. | strings | select(contains("north-bank"))] | length')"
pass 'a run was started by hand'
