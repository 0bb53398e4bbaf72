. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
expect 'runs' true "$(state_of gate '{{.State.Running}}')"
status() { d exec gate awk -v field="$1:" '$1 == field {print $2}' /proc/1/status 2>&1; }
expect 'user' 4004 "$(status Uid)"
expect 'group' 4004 "$(status Gid)"
expect 'capabilities that it could ever get' 0000000000000000 "$(status CapBnd)"
expect 'no new privileges' 1 "$(status NoNewPrivs)"
pass 'it has no rights'
