. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../within.sh"
through till
expect_match 'by what the Service finds its Pods' 'app' "$(value_of post service till '.spec.selector // {} | keys | join(" ")')"
address=$(value_of post service till .spec.clusterIP)
expect 'answers to six questions' till "$(k -n post exec "$from" -c web -- sh -c 'for i in 1 2 3 4 5 6; do curl -s -m 2 http://'"$address"' || echo nothing; done' | sort -u | paste -sd' ')"
pass 'the till answers'
