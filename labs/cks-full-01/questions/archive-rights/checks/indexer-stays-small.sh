. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../api.sh"
. "${BASH_SOURCE[0]%/*}/../may.sh"
for right in 'get pods' 'list pods' 'get roles' 'list roles' 'get rolebindings' 'list rolebindings' 'create configmaps' 'delete configmaps'; do
  expect "indexer may $right in archive" yes "$(account indexer $right -n archive)"
done
for right in 'create roles' 'patch roles' 'escalate roles' 'bind roles' 'create rolebindings' 'update rolebindings' 'delete rolebindings' \
  'create pods' 'delete pods' 'create serviceaccounts' 'list secrets' 'impersonate serviceaccounts'; do
  expect "indexer may $right in archive" no "$(account indexer $right -n archive)"
done
expect 'indexer may make tokens of ServiceAccounts' no "$(account indexer create serviceaccounts --subresource=token -n archive)"
expect 'indexer may run commands in Pods' no "$(account indexer create pods --subresource=exec -n archive)"
for right in 'list pods' 'list roles'; do expect "indexer may $right in kube-system" no "$(account indexer $right -n kube-system)"; done
pass 'the indexer stays small'
