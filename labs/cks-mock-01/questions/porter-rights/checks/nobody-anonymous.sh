. "$CKX_CHECKS/1.sh"
server=$(k config view --minify --raw -o jsonpath='{.clusters[0].cluster.server}')
code=$(curl -sk --max-time 8 -o /dev/null -w '%{http_code}' "$server/api/v1/namespaces/lodge/configmaps")
expect_match 'answer to a request without credentials' '^(401|403)$' "$code"
expect 'whether the API server still serves those who have some' yes "$(k auth can-i get configmaps -n lodge 2> /dev/null)"
pass 'nobody reads without a name'
