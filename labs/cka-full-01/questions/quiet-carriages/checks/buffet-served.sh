. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../within.sh"
look carriages/conductor carriages/passenger carriages/buffet northside/porter northside/idler
for name in conductor porter; do expect_soon 6 "what $name gets of the buffet" 'buffet answers' gets "$name" buffet; done
expect_each 'who gets an answer of whom:' nothing gets 'idler buffet' 'passenger buffet'
pass 'the buffet serves whom it should'
