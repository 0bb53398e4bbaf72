# Sourced by the checks.
declare -A pod_of
# needs NAMESPACE DEPLOYMENT: a ready Pod to look from or at; without it nothing can be said for the candidate.
needs() {
  local pod
  pod=$(ready_pods "$1" "$2" | head -n 1)
  [ -n "$pod" ] || fail "no Pod of $2 in $1 is ready"
  pod_of[$2]="-n $1 $pod"
}
# asked FROM URL: what a Pod gets there, or `nothing`.
asked() { k exec ${pod_of[$1]} -c web -- curl -s -m 2 "$2" 2> /dev/null || echo nothing; }
# ip_of DEPLOYMENT: address of its Pod, for denials: no name is at fault then.
ip_of() { k get pod ${pod_of[$1]} -o jsonpath='{.status.podIP}'; }
