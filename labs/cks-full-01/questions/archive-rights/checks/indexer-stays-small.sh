. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../may.sh"
roles=roles.rbac.authorization.k8s.io bindings=rolebindings.rbac.authorization.k8s.io
expect_account yes indexer 'get pods archive' 'list pods archive' "get $roles archive" "list $roles archive" "get $bindings archive" "list $bindings archive" \
  'create configmaps archive' 'delete configmaps archive'
expect_account no indexer "create $roles archive" "patch $roles archive" "escalate $roles archive" "bind $roles archive" "create $bindings archive" \
  "update $bindings archive" "delete $bindings archive" 'create pods archive' 'delete pods archive' 'create serviceaccounts archive' 'list secrets archive' \
  'impersonate serviceaccounts archive' 'create serviceaccounts/token archive' 'create pods/exec archive' 'list pods kube-system' "list $roles kube-system"
pass 'the indexer stays small'
