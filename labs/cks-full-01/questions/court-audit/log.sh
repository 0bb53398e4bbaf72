# Sourced by the checks.
log=/var/log/kubernetes/audit/audit.log
# A name that no other check and no other grading uses.
probe=docket-$$-$RANDOM$RANDOM
# events [TEXT]: what is recorded of the probe, or of TEXT, a line of JSON each.
events() { on_node "grep -aF -e '${1:-$probe}' $log" 2> /dev/null; }
# Something that is to be recorded, so that there is a record of it.
written() {
  k -n court get secret verdict > /dev/null 2>&1
  on_node test -s $log
}
until_true 5 written || fail "there is no $log on the node, or nothing in it"
