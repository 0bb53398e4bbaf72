. "$CKX_CHECKS/1.sh"
k -n archive get serviceaccount librarian > /dev/null 2>&1 || fail 'there is no ServiceAccount librarian in archive'
as() { k auth can-i "$@" --as=system:serviceaccount:archive:librarian --as-group=system:serviceaccounts \
  --as-group=system:serviceaccounts:archive --as-group=system:authenticated 2> /dev/null; }
for kind in pods configmaps; do
  for verb in get list watch; do expect "may $verb $kind in archive" yes "$(as "$verb" "$kind" -n archive)"; done
done
for right in 'delete pods' 'create pods' 'update configmaps' 'get secrets' 'list deployments.apps' 'create pods/exec'; do
  expect "may $right in archive" no "$(as $right -n archive)"
done
expect 'may list pods in default' no "$(as list pods -n default)"
expect 'may list configmaps in kube-system' no "$(as list configmaps -n kube-system)"
expect 'may list nodes' no "$(as list nodes)"
pass 'the account has the rights it needs and no others'
