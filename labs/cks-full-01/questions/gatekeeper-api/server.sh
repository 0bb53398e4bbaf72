# Sourced by the checks.
server=$(k config view --minify --raw -o jsonpath='{.clusters[0].cluster.server}')
# code PATH: the status of the answer to a request without credentials, 000 where there is none.
code() { curl -sk -m 6 -o /dev/null -w '%{http_code}' "$server$1"; }
