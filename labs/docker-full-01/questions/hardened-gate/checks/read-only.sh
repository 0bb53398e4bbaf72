. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
expect 'runs' true "$(state_of gate '{{.State.Running}}')"
try() { d exec "$@" 2> /dev/null && echo done || echo refused; }
for folder in / /etc /www; do expect "root writes to $folder" refused "$(try --user 0 gate sh -c "touch $folder/check && rm $folder/check")"; done
expect 'user 4004 writes to /tmp' done "$(try gate touch /tmp/check)"
expect 'a program in /tmp' refused "$(try gate sh -c 'printf "#!/bin/sh\n" > /tmp/check; chmod 755 /tmp/check; /tmp/check')"
d exec gate rm -f /tmp/check
expect 'file system of /tmp' tmpfs "$(d exec gate awk '$2 == "/tmp" {print $3}' /proc/mounts)"
size=$(d exec gate df -k /tmp | awk 'END {print $2}')
note "size of /tmp: $size KiB"
[ "$size" -gt 0 ] && [ "$size" -le 8192 ] || fail '/tmp may be larger than 8 MiB'
pass 'nothing else can be written'
