. "$CKX_CHECKS/2.sh"
pod=$(ready_pods gazette press)
expect 'ready Pods of press' 1 "$(grep -c . <<< "$pod")"
expect 'init containers that run beside the press' log-reader \
  "$(k -n gazette get pod "$pod" -o json | jq -r '[.status.initContainerStatuses[]? | select(.state.running) | .name] | join(" ")')"
pass 'the reader is a sidecar'
