. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../may.sh"
# Only worth something together with the work: that nothing else was touched shows once something was.
expect 'porter may list nodes' no "$(may porter list nodes)"
expect 'concierge may delete nodes' yes "$(may concierge delete nodes)"
expect 'concierge may get secrets in kube-system' yes "$(may concierge get secrets kube-system)"
pass 'the concierge has what it had'
