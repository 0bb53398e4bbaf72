. "$CKX_CHECKS/1.sh"
token=$(k -n kube-system get secret ckx-porter-token -o jsonpath='{.data.token}' 2> /dev/null | base64 -d) # ckx-lint: allow CHECK_NAME_UNKNOWN
[ -n "$token" ] || undecided 'the copy of the token is gone'
server=$(k config view --minify --raw -o jsonpath='{.clusters[0].cluster.server}')
asked() { curl -sk --max-time 5 -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $token" "$server/api/v1/namespaces/lodge/pods"; }
# The API server remembers for some seconds that it took a token.
expect_soon 12 'answer to a request with the old token' 401 asked
k -n lodge get serviceaccount porter > /dev/null 2>&1 || fail 'the ServiceAccount porter is gone'
pass 'the old token is dead'
