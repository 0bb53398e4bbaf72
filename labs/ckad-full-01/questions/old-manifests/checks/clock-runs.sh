. "$CKX_CHECKS/2.sh"
expect 'ready Pods of attic-clock' 2 "$(ready_pods attic attic-clock | grep -c .)"
expect 'least number of Pods of the budget' 1 "$(value_of attic poddisruptionbudget attic-clock .spec.minAvailable)"
expect_soon 8 'Pods that the budget counts as healthy' 2 k -n attic get poddisruptionbudget attic-clock -o jsonpath='{.status.currentHealthy}'
pass 'the clock runs'
