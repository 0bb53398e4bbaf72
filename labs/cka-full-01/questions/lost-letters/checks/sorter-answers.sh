. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../within.sh"
through sorter
expect 'answer a second time' sorter "$(asked "http://$(value_of post service sorter .spec.clusterIP)")"
pass 'the sorter answers'
