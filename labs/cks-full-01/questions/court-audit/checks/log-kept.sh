. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../../../node.sh"
. "${BASH_SOURCE[0]%/*}/../log.sh"
flags=$(on_node 'pgrep -xa kube-apiserver' | tr ' ' '\n' | grep -e --audit-log | sort | paste -sd' ')
note "flags of the running API server: $flags"
for flag in --audit-log-maxage=7 --audit-log-maxbackup=3 --audit-log-maxsize=20; do expect_match 'among its flags' "(^| )$flag( |\$)" "$flags"; done
pass 'the log is kept'
