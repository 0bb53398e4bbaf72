. "$CKX_CHECKS/2.sh"
for account in default pigeon; do
  k -n loft get serviceaccount "$account" > /dev/null 2>&1 || fail "there is no ServiceAccount $account"
  made=$(jq -n --arg account "$account" '{apiVersion: "v1", kind: "Pod", metadata: {name: "token-probe", namespace: "loft"}, spec: {serviceAccountName: $account, containers: [{name: "c", image: "busybox:1.36"}]}}' |
    k create --dry-run=server -o json -f - 2>&1)
  expect "tokens of an ordinary Pod under $account" 0 "$(jq '[.spec.volumes[]? | .projected.sources[]? | select(.serviceAccountToken)] | length' <<< "$made" 2> /dev/null)"
  expect_rights no "system:serviceaccount:loft:$account" system:serviceaccounts,system:serviceaccounts:loft,system:authenticated \
    'get secrets loft' 'create pods loft' 'list configmaps loft' 'delete deployments.apps loft'
done
pass 'no token comes unasked'
