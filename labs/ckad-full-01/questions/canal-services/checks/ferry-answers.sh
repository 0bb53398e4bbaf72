. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../within.sh"
answer_within http://ferry.canal.svc.cluster.local:8080 'passengers aboard'
answer_within http://ferry.canal.svc.cluster.local:9090 'crew aboard'
expect 'names of the ports' 'passengers 8080,crew 9090' "$(value_of canal service ferry '.spec.ports | sort_by(.port) | map("\(.name) \(.port)") | join(",")')"
pass 'the ferry answers'
