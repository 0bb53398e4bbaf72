. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../may.sh"
expect_clerks yes 'get configmaps archive' 'list configmaps archive'
expect_clerks no 'get secrets archive' 'list secrets archive' 'create configmaps archive' 'delete configmaps archive' 'list pods archive' \
  'get configmaps kube-system' 'list secrets kube-system'
pass 'the clerks are confined'
