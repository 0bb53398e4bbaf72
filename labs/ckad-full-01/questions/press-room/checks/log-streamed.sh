. "$CKX_CHECKS/2.sh"
pod=$(ready_pods gazette press)
expect 'ready Pods of press' 1 "$(grep -c . <<< "$pod")"
printed() { k -n gazette logs "$pod" -c log-reader --tail=200 2>&1 | grep -c 'printed edition'; }
wait_for 6 'whether log-reader prints the log' k -n gazette exec "$pod" -c press -- test -s /var/log/press/press.log
first=$(printed)
note "lines of the log that log-reader printed: $first"
more() { [ "$(printed)" -gt "$first" ]; }
until_true 6 more || fail 'log-reader prints nothing more while the press goes on'
type=$(k -n gazette get pod "$pod" -o json | jq -r '
  (.spec.containers[] | select(.name == "press") | .volumeMounts[] | select(.mountPath | rtrimstr("/") == "/var/log/press") | .name) as $name
  | .spec.volumes[] | select(.name == $name) | del(.name) | keys[0]')
expect 'type of the volume of the log' emptyDir "$type"
pass 'the log is streamed'
