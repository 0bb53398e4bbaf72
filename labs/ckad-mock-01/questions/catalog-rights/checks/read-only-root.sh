. "$CKX_CHECKS/1.sh"
pods=$(ready_pods archive catalog)
expect 'ready Pods of catalog' 1 "$(grep -c . <<< "$pods")"
root=$(k -n archive exec "$pods" -- awk '$2 == "/" {print substr($4, 1, 2)}' /proc/mounts 2>&1)
expect 'root file system' ro "$root"
written=$(k -n archive exec "$pods" -- sh -c 'touch /tmp/.probe && rm /tmp/.probe && echo written' 2>&1)
expect 'writing to /tmp' written "$written"
seen=$(k -n archive exec "$pods" -- cat /tmp/last-seen 2>&1)
note "/tmp/last-seen of the application: $seen"
[[ $seen =~ [0-9]{2}:[0-9]{2}:[0-9]{2} ]] || fail 'the application does not write to /tmp'
pass 'only /tmp can be written'
