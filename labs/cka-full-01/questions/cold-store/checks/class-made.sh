. "$CKX_CHECKS/2.sh"
class=$(k get storageclass cold -o json 2>&1) || fail "$class"
expect 'provisioner, policy, binding and growth' 'rancher.io/local-path Retain WaitForFirstConsumer true' \
  "$(jq -r '"\(.provisioner) \(.reclaimPolicy // "Delete") \(.volumeBindingMode // "Immediate") \(.allowVolumeExpansion // false)"' <<< "$class")"
expect 'default classes' local-path "$(k get storageclass -o json | jq -r '[.items[]
  | select(.metadata.annotations["storageclass.kubernetes.io/is-default-class"] == "true" or .metadata.annotations["storageclass.beta.kubernetes.io/is-default-class"] == "true")
  | .metadata.name] | join(" ")')"
pass 'the class is made'
