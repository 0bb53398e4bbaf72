# Sourced by the checks.
# look NAMESPACE/DEPLOYMENT...: a ready Pod of each to look from or at, for `asked` and `ip_of`; without it nothing can be said for the candidate.
declare -A namespace_of pod_of ip_of
look() {
  local objects one pod
  objects=$(k get deployments,replicasets,pods -A -o json)
  for one; do
    pod=$(jq -r --arg namespace "${one%/*}" --arg name "${one#*/}" '
      def owned_by($owners): any(.metadata.ownerReferences[]?; .uid as $uid | any($owners[]; . == $uid));
      [.items[] | select(.metadata.namespace == $namespace)] as $items
      | [$items[] | select(.kind == "Deployment" and .metadata.name == $name) | .metadata.uid] as $deployments
      | [$items[] | select(.kind == "ReplicaSet" and owned_by($deployments)) | .metadata.uid] as $sets
      | first($items[] | select(.kind == "Pod" and .metadata.deletionTimestamp == null and owned_by($sets))
        | select(any(.status.conditions[]?; .type == "Ready" and .status == "True")) | "\(.metadata.name) \(.status.podIP)") // ""' <<< "$objects")
    [ -n "$pod" ] || fail "no Pod of ${one#*/} in ${one%/*} is ready"
    namespace_of[${one#*/}]=${one%/*}
    pod_of[${one#*/}]=${pod% *}
    ip_of[${one#*/}]=${pod#* }
  done
}
# asked FROM URL: what a Pod gets there, or `nothing`.
asked() { k exec -n "${namespace_of[$1]}" "${pod_of[$1]}" -c web -- curl -s -m 2 "$2" 2> /dev/null || echo nothing; }
# gets FROM TO: what one Pod gets of another, by its address: no name is at fault then.
gets() { asked "$1" "http://${ip_of[$2]}"; }
