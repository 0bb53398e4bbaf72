. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../within.sh"
address=$(value_of old-town service well .spec.clusterIP)
expect_match 'address of the Service well' '^[0-9]+\.' "${address:-none}"
answer_within http://well 'clear water'
pass 'the well is reached'
