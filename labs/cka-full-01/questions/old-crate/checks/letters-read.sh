. "$CKX_CHECKS/2.sh"
pod=$(k -n attic get pod reader -o json 2>&1) || fail "$pod"
expect_soon 8 'whether the reader is ready' True k -n attic get pod reader -o jsonpath='{.status.conditions[?(@.type=="Ready")].status}'
expect 'claim that it mounts' letters "$(jq -r '[.spec.volumes[] | .persistentVolumeClaim.claimName // empty] | join(" ")' <<< "$pod")"
expect 'what it serves' 'dear aunt, the trains run again' "$(page_of attic reader 80 letter.txt)"
expect_match 'writing from the reader' 'Read-only' "$(k -n attic exec reader -- sh -c 'touch /usr/share/nginx/html/.probe && rm -f /usr/share/nginx/html/.probe && echo written' 2>&1)"
pass 'the letters are read'
