. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../within.sh"
look carriages/conductor carriages/passenger northside/porter northside/idler
# The cluster's DNS, in kube-system, is asked by its way of names.
expect_soon 8 'what the passenger gets of the conductor, by name' 'conductor answers' asked passenger http://conductor.carriages.svc.cluster.local
expect_each 'who gets an answer of whom:' 'idler answers' gets 'porter idler'
expect_each 'who gets an answer of whom:' nothing gets 'passenger idler' 'passenger porter'
pass 'the passenger is kept'
