. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
. "${BASH_SOURCE[0]%/*}/../ledger.sh"
running
expect 'volume at /ledger' ledger-data "$(volume_at)"
expect 'first entries in the container' "$FIRST" "$(d exec ledger head -3 /ledger/entries 2>&1)"
pass 'the entries are there'
