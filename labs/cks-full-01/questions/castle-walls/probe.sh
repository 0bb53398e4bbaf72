# Sourced by the checks.
# pod_of NAMESPACE DEPLOYMENT: one ready Pod of it.
pod_of() {
  local pod
  pod=$(ready_pods "$1" "$2" | head -n 1)
  printf %s "$pod"
}
# asks NAMESPACE POD URL: what the Pod gets as an answer; "nothing" where no connection comes about, "no Pod" where there is nobody to ask.
asks() {
  [ -n "$2" ] || { echo 'no Pod'; return; }
  k -n "$1" exec "$2" -- sh -c "curl -s -m 2 $3 || { code=\$?; case \$code in 7|28) echo nothing;; *) echo \"curl ended with \$code\";; esac; }" 2>&1
}
# address NAMESPACE POD: so that a name that is not found does not look like a door that is closed.
address() { k -n "$1" get pod "$2" -o jsonpath='{.status.podIP}' 2> /dev/null; }
