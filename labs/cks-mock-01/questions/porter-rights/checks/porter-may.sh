. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../may.sh"
k -n lodge get serviceaccount porter > /dev/null 2>&1 || fail 'the ServiceAccount porter is gone'
for right in 'get pods' 'list pods' 'get services' 'list services'; do expect "porter may $right in lodge" yes "$(may porter $right lodge)"; done
for right in 'watch pods' 'delete pods' 'create pods' 'get secrets' 'list secrets' 'get configmaps' 'list deployments.apps' 'create serviceaccounts/token' \
  'create rolebindings.rbac.authorization.k8s.io'; do
  expect "porter may $right in lodge" no "$(may porter $right lodge)"
done
for sub in log exec; do
  expect "porter may get pods/$sub in lodge" no "$(k auth can-i get pods --subresource=$sub -n lodge --as=system:serviceaccount:lodge:porter 2> /dev/null)"
done
expect 'porter may list pods in kube-system' no "$(may porter list pods kube-system)"
expect 'porter may list nodes' no "$(may porter list nodes)"
pass 'the porter has the rights of its work'
