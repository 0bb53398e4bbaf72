. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
. "${BASH_SOURCE[0]%/*}/../harbour.sh"
running tower
running vault
in_vault() { from_nginx tower vault; }
expect_soon 4 'what tower gets from http://vault' 'this is the vault' in_vault
pass 'tower finds vault'
