# Sourced by the checks.
# may ACCOUNT VERB WHAT [NAMESPACE]: yes or no.
may() { k auth can-i "$2" "$3" ${4:+-n "$4"} --as="system:serviceaccount:lodge:$1" --as-group=system:serviceaccounts \
  --as-group=system:serviceaccounts:lodge --as-group=system:authenticated 2> /dev/null; }
