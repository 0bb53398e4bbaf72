. "$CKX_CHECKS/2.sh"
pod=$(ready_pods loft pigeon)
expect 'ready Pods of pigeon' 1 "$(grep -c . <<< "$pod")"
token=$(k -n loft exec "$pod" -- cat /var/run/loft/token 2> /dev/null)
claims=$(jq -Rc 'split(".")[1] // "" | gsub("-"; "+") | gsub("_"; "/") | . + "===="[:(4 - length % 4) % 4] | @base64d | fromjson' <<< "$token" 2> /dev/null)
note "claims of the token: ${claims:-none}"
expect 'whose token, and for whom' 'system:serviceaccount:loft:pigeon ledger.loft' "$(jq -r '"\(.sub) \(.aud | if type == "array" then join(",") else . end)"' <<< "$claims")"
expect 'Pod to which it is bound' "$pod" "$(jq -r '.["kubernetes.io"].pod.name // "none"' <<< "$claims")"
expect 'seconds that it is valid' 900 "$(jq -r '.exp - .iat' <<< "$claims")"
# What the API server does not take is no way in.
server=$(k config view --minify --raw -o jsonpath='{.clusters[0].cluster.server}')
expect 'answer of the API server to the token' 401 "$(curl -sk -m 8 -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $token" "$server/api/v1/namespaces/loft/pods")"
expect 'other tokens in the container' 0 "$(k -n loft get pod "$pod" -o json | jq '[.spec.volumes[]? | .projected.sources[]? | select(.serviceAccountToken)] | length - 1')"
pass 'the token is limited'
