. "$CKX_CHECKS/1.sh"
volume=$(k get persistentvolume barrels -o json 2>&1) || fail "$volume"
expect 'policy, size, access and class' 'Retain 1Gi ReadWriteOnce cellar' \
  "$(jq -r '.spec | "\(.persistentVolumeReclaimPolicy) \(.capacity.storage) \(.accessModes | join(",")) \(.storageClassName)"' <<< "$volume")"
expect 'claim that has it' vintner/barrels "$(jq -r '.spec.claimRef | "\(.namespace)/\(.name)"' <<< "$volume")"
pass 'the barrels are kept'
