. "$CKX_CHECKS/1.sh"
pods=$(ready_pods archive catalog)
expect 'ready Pods of catalog' 1 "$(grep -c . <<< "$pods")"
status=$(k -n archive exec "$pods" -- cat /proc/1/status 2>&1)
field() { awk -v name="$1:" '$1 == name {print $2}' <<< "$status"; }
expect 'user of the process' 10001 "$(field Uid)"
expect 'capabilities in effect' 0000000000000000 "$(field CapEff)"
expect 'capabilities within reach' 0000000000000000 "$(field CapBnd)"
expect 'no new privileges' 1 "$(field NoNewPrivs)"
pass 'the process has no rights to spare'
