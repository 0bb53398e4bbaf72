. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../api.sh"
for account in default pigeon; do
  k -n loft get serviceaccount "$account" > /dev/null 2>&1 || fail "there is no ServiceAccount $account"
  made=$(jq -n --arg account "$account" '{apiVersion: "v1", kind: "Pod", metadata: {name: "token-probe", namespace: "loft"}, spec: {serviceAccountName: $account, containers: [{name: "c", image: "busybox:1.36"}]}}' |
    k create --dry-run=server -o json -f - 2>&1)
  expect "tokens of an ordinary Pod under $account" 0 "$(jq '[.spec.volumes[]? | .projected.sources[]? | select(.serviceAccountToken)] | length' <<< "$made" 2> /dev/null)"
  for right in 'get secrets' 'create pods' 'list configmaps' 'delete deployments.apps'; do
    expect "$account may $right in loft" no "$(k auth can-i $right -n loft --as="system:serviceaccount:loft:$account" --as-group=system:serviceaccounts --as-group=system:serviceaccounts:loft \
      --as-group=system:authenticated 2> /dev/null)"
  done
done
pass 'no token comes unasked'
