. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../may.sh"
# ckx-lint: allow CHECK_NAME_UNKNOWN
for right in 'get pods' 'list pods' 'watch pods' 'get pods/log'; do expect "a driver may $right in engine-shed" yes "$(may olga $right -n engine-shed)"; done
for right in 'get nodes' 'list nodes'; do expect "a driver may $right" yes "$(may olga $right)"; done
for right in 'delete pods' 'create pods' 'create pods/exec' 'list secrets' 'list deployments.apps'; do
  expect "a driver may $right in engine-shed" no "$(may olga $right -n engine-shed)"
done
for right in 'list pods -n default' 'get pods/log -n kube-system' 'delete nodes' 'patch nodes' 'list namespaces'; do expect "a driver may $right" no "$(may olga $right)"; done
pass 'the drivers may look'
