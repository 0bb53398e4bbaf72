. "$CKX_CHECKS/2.sh"
expect 'whether night-audit is suspended' true "$(value_of ledger cronjob night-audit '.spec.suspend // false')"
pass 'the audit is suspended'
