. "$CKX_CHECKS/2.sh"
expect 'balance in the ConfigMap ledger' 417-guilders-9-pence "$(value_of counting-house configmap ledger .data.balance)"
pass 'the ledger is back'
