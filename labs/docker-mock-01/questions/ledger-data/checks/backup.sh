. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
. "${BASH_SOURCE[0]%/*}/../ledger.sh"
[ -s /home/candidate/ledger.tar ] || fail 'there is no ~/ledger.tar'
entries=$(tar -xOf /home/candidate/ledger.tar entries 2> /dev/null || tar -xOf /home/candidate/ledger.tar ./entries 2>&1)
expect 'first entries in the archive' "$FIRST" "$(head -3 <<< "$entries")"
pass 'the archive holds the entries'
