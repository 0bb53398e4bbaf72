. "$CKX_CHECKS/1.sh"
seen=$(k -n tundra exec weather-desk -c web -- cat /usr/share/nginx/html/station 2>&1)
expect 'file station as web sees it' tundra-north "$seen"
type=$(k -n tundra get pod weather-desk -o json | jq -r '
  (.spec.containers[] | select(.name == "web") | .volumeMounts[] | select(.mountPath | rtrimstr("/") == "/usr/share/nginx/html") | .name) as $name
  | .spec.volumes[] | select(.name == $name) | del(.name) | keys[0]')
expect 'type of the volume' emptyDir "$type"
# The probe must not stay behind where it can be written.
written=$(k -n tundra exec weather-desk -c web -- sh -c 'touch /usr/share/nginx/html/.probe && rm -f /usr/share/nginx/html/.probe && echo written' 2>&1)
note "writing from web: $written"
[[ $written == *Read-only* ]] || fail 'web can write to the volume'
pass 'web reads the volume and cannot write to it'
