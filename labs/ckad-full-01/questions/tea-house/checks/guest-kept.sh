. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../within.sh"
look tea-house/guest tea-house/salon tea-house/waiter tea-import/importer spice-import/merchant
# The cluster's DNS, in kube-system, is asked by its way of names.
expect_soon 8 'what guest gets of salon, by its name' 'salon answers' asked guest http://salon
expect_each 'who gets an answer of whom:' 'merchant answers' gets 'waiter merchant'
expect_each 'who gets an answer of whom:' nothing gets 'guest merchant' 'guest importer'
pass 'the guests are kept'
