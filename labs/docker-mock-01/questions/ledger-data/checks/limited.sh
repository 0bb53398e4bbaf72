. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
. "${BASH_SOURCE[0]%/*}/../ledger.sh"
running
expect 'limit of memory in bytes' 67108864 "$(state_of ledger '{{.HostConfig.Memory}}')"
expect_match 'restart policy' '^(always|unless-stopped|on-failure)$' "$(state_of ledger '{{.HostConfig.RestartPolicy.Name}}')"
pass 'ledger is limited, and comes back'
