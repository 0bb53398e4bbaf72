. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
. "${BASH_SOURCE[0]%/*}/../ledger.sh"
running
expect 'volume at /ledger' ledger-data "$(volume_at)"
before=$(in_volume 'wc -l < /ledger/entries')
note "entries in the volume: $before"
more() { [ "$(in_volume 'wc -l < /ledger/entries')" -gt "$before" ]; }
until_true 12 more || fail 'ledger writes no entries into the volume'
pass 'what ledger writes is in the volume'
