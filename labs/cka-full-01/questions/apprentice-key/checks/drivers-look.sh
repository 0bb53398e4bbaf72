. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../may.sh"
# ckx-lint: allow CHECK_NAME_UNKNOWN
expect_driver yes olga 'get pods engine-shed' 'list pods engine-shed' 'watch pods engine-shed' 'get pods/log engine-shed' 'get nodes' 'list nodes'
expect_driver no olga 'delete pods engine-shed' 'create pods engine-shed' 'create pods/exec engine-shed' 'list secrets engine-shed' 'list deployments.apps engine-shed' \
  'list pods default' 'get pods/log kube-system' 'delete nodes' 'patch nodes' 'list namespaces'
pass 'the drivers may look'
