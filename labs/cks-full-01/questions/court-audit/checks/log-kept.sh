. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../api.sh"
. "${BASH_SOURCE[0]%/*}/../log.sh"
flags=$(on_node 'pgrep -xa kube-apiserver' | tr ' ' '\n' | grep -e --audit-log | sort | paste -sd' ')
note "flags of the running API server: $flags"
for flag in --audit-log-maxage=7 --audit-log-maxbackup=3 --audit-log-maxsize=20; do expect_match 'among its flags' "(^| )$flag( |\$)" "$flags"; done
pass 'the log is kept'
