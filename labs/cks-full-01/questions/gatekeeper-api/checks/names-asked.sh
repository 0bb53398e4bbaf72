. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../server.sh"
for path in /version /api /openapi/v3 /api/v1/namespaces/kube-system/pods /api/v1/namespaces/kube-public/configmaps/cluster-info; do expect_soon 6 "answer to $path without credentials" 401 code "$path"; done
for path in /livez /readyz /healthz; do expect_soon 6 "answer to $path without credentials" 200 code "$path"; done
pass 'names are asked for'
