# Sourced by the checks.
# account NAME VERB WHAT [OPTION...] and clerk VERB WHAT [OPTION...]: yes or no.
account() {
  local name=$1
  shift
  k auth can-i "$@" --as="system:serviceaccount:archive:$name" --as-group=system:serviceaccounts --as-group=system:serviceaccounts:archive \
    --as-group=system:authenticated 2> /dev/null
}
clerk() { k auth can-i "$@" --as=ilse --as-group=clerks --as-group=system:authenticated 2> /dev/null; }
