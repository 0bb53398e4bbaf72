. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../within.sh"
for name in conductor passenger buffet; do needs carriages "$name"; done
for name in porter idler; do needs northside "$name"; done
buffet=$(ip_of buffet)
for name in conductor porter; do expect_soon 6 "what $name gets of the buffet" 'buffet answers' asked "$name" "http://$buffet"; done
for name in idler passenger; do expect "what $name gets of the buffet" nothing "$(asked "$name" "http://$buffet")"; done
pass 'the buffet serves whom it should'
