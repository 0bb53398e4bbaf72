. "$CKX_CHECKS/2.sh"
pod=$(ready_pods observatory camera)
expect 'ready Pods of camera' 1 "$(grep -c . <<< "$pod")"
expect_soon 5 'what the camera says' 'exposing for 30 seconds' k -n observatory logs "$pod" -c camera --tail=1
expect 'whether its command opened the shutter' yes "$(k -n observatory exec "$pod" -- sh -c 'tr "\0" " " < /proc/1/cmdline | grep -q "shutter closed" && test -e /tmp/open && echo yes' 2>&1)"
expect 'the ConfigMap' '{"exposure.conf":"30 seconds"}' "$(k -n observatory get configmap camera-settings -o json | jq -c .data)"
pass 'the camera sees'
