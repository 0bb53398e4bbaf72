. "$CKX_CHECKS/2.sh"
job=$(k -n ledger get job close-books -o json 2>&1) || fail "$job"
expect_soon 10 'whether the Job is complete' True k -n ledger get job close-books -o jsonpath='{.status.conditions[?(@.type=="Complete")].status}'
said=$(k -n ledger logs -l batch.kubernetes.io/job-name=close-books --tail=-1 2>&1 | sort -u | paste -sd,)
expect 'what its Pods said' "$(printf 'closing book %s\n' 0 1 2 3 4 5 | paste -sd,)" "$said"
expect 'Pods that succeeded' 6 "$(jq -r '.status.succeeded // 0' <<< "$(k -n ledger get job close-books -o json)")"
pass 'the books are closed'
