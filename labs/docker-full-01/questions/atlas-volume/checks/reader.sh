. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
expect 'runs' true "$(state_of reader '{{.State.Running}}')"
expect 'user' 2002 "$(d exec reader id -u 2>&1)"
expect 'a map' skerries "$(d exec reader cat /maps/north/a.map 2>&1)"
expect 'writing to /maps, as root' refused "$(d exec --user 0 reader sh -c 'touch /maps/check 2>/dev/null && { rm /maps/check; echo done; } || echo refused')"
expect 'file system of /scratch' tmpfs "$(d exec reader awk '$2 == "/scratch" {print $3}' /proc/mounts)"
expect 'size of /scratch in KiB' 16384 "$(d exec reader df -k /scratch | awk 'END {print $2}')"
expect 'writing to /scratch' done "$(d exec reader sh -c 'touch /scratch/check && rm /scratch/check && echo done' 2>&1)"
pass 'the reader reads'
