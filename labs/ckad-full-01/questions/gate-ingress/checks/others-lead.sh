. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../route.sh"
for path in / /breadcrumbs /toys; do expect "where market.example.com$path leads" hall:80 "$(route market.example.com "$path")"; done
expect 'where other.example.com/toys leads' hall:80 "$(route other.example.com /toys)"
expect 'default backend' hall "$(jq -r '.spec.defaultBackend.service.name // "none"' <<< "$ingress")"
pass 'all else leads to the hall'
