. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../api.sh"
. "${BASH_SOURCE[0]%/*}/../may.sh"
for verb in get list; do expect "clerks may $verb configmaps in archive" yes "$(clerk $verb configmaps -n archive)"; done
for right in 'get secrets' 'list secrets' 'create configmaps' 'delete configmaps' 'list pods'; do
  expect "clerks may $right in archive" no "$(clerk $right -n archive)"
done
for right in 'get configmaps' 'list secrets'; do expect "clerks may $right in kube-system" no "$(clerk $right -n kube-system)"; done
pass 'the clerks are confined'
