. "$CKX_CHECKS/2.sh"
k -n citadel get serviceaccount warden > /dev/null 2>&1 || fail 'there is no ServiceAccount warden in citadel'
as() { k auth can-i "$@" --as=system:serviceaccount:citadel:warden --as-group=system:serviceaccounts \
  --as-group=system:serviceaccounts:citadel --as-group=system:authenticated 2> /dev/null; }
for right in 'get pods' 'list pods' 'watch pods' 'get deployments.apps' 'get secrets/gate-key'; do
  expect "may $right in citadel" yes "$(as $right -n citadel)"
done
# kubectl scale asks for the subresource, and changes it by update or by patch.
scaled=$(k -n citadel scale deployment warden --replicas=1 --current-replicas=1 --dry-run=server --as=system:serviceaccount:citadel:warden 2>&1)
expect_match 'kubectl scale as the warden' '^deployment.apps/warden scaled' "$scaled"
for right in 'delete pods' 'create pods' 'update deployments.apps' 'patch deployments.apps' 'delete deployments.apps' 'get secrets/vault-key' \
  'list secrets' 'get configmaps'; do
  expect "may $right in citadel" no "$(as $right -n citadel)"
done
expect 'may list pods in default' no "$(as list pods -n default)"
expect 'may list nodes' no "$(as list nodes)"
pass 'the warden has the rights of its office'
