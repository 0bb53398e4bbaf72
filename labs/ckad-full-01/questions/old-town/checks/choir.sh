. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../within.sh"
for singer in choir-0 choir-1; do answer_within "http://$singer.choir" "$singer"; done
expect 'address of the Service choir' None "$(value_of old-town service choir .spec.clusterIP)"
pass 'the singers find each other'
