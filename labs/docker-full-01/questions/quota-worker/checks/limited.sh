. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
expect 'runs' true "$(state_of quota-worker '{{.State.Running}}')"
expect 'memory in bytes' 50331648 "$(state_of quota-worker '{{.HostConfig.Memory}}')"
expect 'memory and swap in bytes' 50331648 "$(state_of quota-worker '{{.HostConfig.MemorySwap}}')"
cpus=$(state_of quota-worker '{{.HostConfig.NanoCpus}} {{.HostConfig.CpuQuota}} {{.HostConfig.CpuPeriod}}' |
  awk '{ if ($1 > 0) print $1 / 10000000; else if ($2 > 0) print $2 * 100 / ($3 > 0 ? $3 : 100000); else print 0 }')
expect 'hundredths of a processor' 50 "$cpus"
expect 'processes' 30 "$(state_of quota-worker '{{.HostConfig.PidsLimit}}')"
pass 'the worker is limited'
