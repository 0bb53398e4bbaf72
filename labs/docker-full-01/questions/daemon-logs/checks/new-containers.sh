. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
trap 'd rm -f check-daemon-logs > /dev/null 2>&1' EXIT
d rm -f check-daemon-logs > /dev/null 2>&1
d create --name check-daemon-logs busybox:1.36 true > /dev/null 2>&1 || fail 'no container can be made'
expect 'log of a new container' 'local 4m 2' "$(state_of check-daemon-logs '{{.HostConfig.LogConfig.Type}} {{index .HostConfig.LogConfig.Config "max-size"}} {{index .HostConfig.LogConfig.Config "max-file"}}')"
pass 'new containers log as they should'
