. "$CKX_CHECKS/2.sh"
probe=$(value_of kiln deployment kiln '.spec.template.spec.containers[] | select(.name == "kiln") | .startupProbe')
[ -n "$probe" ] || fail 'there is no startup probe'
expect 'path that the startup probe asks for' /alive "$(jq -r '.httpGet.path // "another way"' <<< "$probe")"
expect 'seconds between two tries' 1 "$(jq '.periodSeconds' <<< "$probe")"
budget=$(jq '(.initialDelaySeconds // 0) + .periodSeconds * .failureThreshold' <<< "$probe")
note "seconds that the application has to heat: $budget"
[ "$budget" -ge 60 ] && [ "$budget" -le 90 ] || fail 'the time to heat is not 60 to 90 seconds'
pod=$(ready_pods kiln kiln)
expect 'ready Pods of kiln' 1 "$(grep -c . <<< "$pod")"
expect 'restarts of its Pod' 0 "$(k -n kiln get pod "$pod" -o jsonpath='{.status.containerStatuses[0].restartCount}')"
pass 'the kiln comes up'
