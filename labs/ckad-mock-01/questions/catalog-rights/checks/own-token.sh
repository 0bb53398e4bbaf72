. "$CKX_CHECKS/1.sh"
pod=$(ready_pods archive catalog | head -n 1)
[ -n "$pod" ] || fail 'no Pod of the Deployment catalog is ready'
token=$(k -n archive exec "$pod" -- cat /var/run/secrets/kubernetes.io/serviceaccount/token 2>&1)
subject=$(jq -rR 'split(".")[1] // "" | gsub("-"; "+") | gsub("_"; "/") | @base64d | fromjson | .sub' <<< "$token" 2> /dev/null)
expect 'whose token the Pod has' system:serviceaccount:archive:librarian "${subject:-nobody\'s}"
# The API is asked with that token alone.
server=$(k config view --minify --raw -o jsonpath='{.clusters[0].cluster.server}')
answer() { curl -sk --max-time 8 -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $token" "$server/api/v1/namespaces/archive/$1"; }
expect 'status of GET pods with the token' 200 "$(answer pods)"
expect 'status of GET configmaps with the token' 200 "$(answer configmaps)"
expect 'status of GET secrets with the token' 403 "$(answer secrets)"
pass 'the application calls the API as librarian'
