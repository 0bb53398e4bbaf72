. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
expect 'runs' true "$(state_of quota-worker '{{.State.Running}}')"
expect 'restart policy' 'on-failure 5' "$(state_of quota-worker '{{.HostConfig.RestartPolicy.Name}} {{.HostConfig.RestartPolicy.MaximumRetryCount}}')"
expect 'log' 'json-file 2m 3' "$(state_of quota-worker '{{.HostConfig.LogConfig.Type}} {{index .HostConfig.LogConfig.Config "max-size"}} {{index .HostConfig.LogConfig.Config "max-file"}}' | sed 's/2000000\|2000k\|2mb/2m/I')"
pass 'the worker comes back'
