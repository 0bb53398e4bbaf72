. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../within.sh"
look tea-house/cellar tea-house/kitchen tea-house/waiter tea-house/guest tea-import/importer spice-import/merchant
for name in kitchen importer; do expect_soon 6 "what $name gets of cellar" 'cellar answers' gets "$name" cellar; done
expect_each 'who gets an answer of whom:' 'merchant answers' gets 'waiter merchant'
expect_each 'who gets an answer of whom:' nothing gets 'waiter cellar' 'guest cellar' 'merchant cellar'
pass 'the cellar is kept'
