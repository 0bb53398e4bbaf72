. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../within.sh"
answer_within http://lock.canal.svc.cluster.local 'lock open'
expect 'port of the Pods that the Service lock names' sluice "$(value_of canal service lock '.spec.ports[] | select(.port == 80) | .targetPort')"
expect 'labels and port of the Deployment lock' 'lock upper sluice' "$(value_of canal deployment lock '.spec.template | "\(.metadata.labels.app) \(.metadata.labels.gate) \(.spec.containers[0].ports[0].name)"')"
expect 'Pods behind the Service' "$(ready_pods canal lock | sort)" "$(k -n canal get endpointslices -l kubernetes.io/service-name=lock -o json |
  jq -r '[.items[].endpoints[]? | select(.conditions.ready) | .targetRef.name // "an address without a Pod"] | unique[]')"
pass 'the lock answers'
