. "$CKX_CHECKS/2.sh"
expect 'state, class and request of the claim letters' 'Bound attic-shelf ReadWriteOnce 100Mi' \
  "$(value_of attic persistentvolumeclaim letters '"\(.status.phase) \(.spec.storageClassName) \(.spec.accessModes | join(",")) \(.spec.resources.requests.storage)"')"
expect 'its volume' crate "$(value_of attic persistentvolumeclaim letters .spec.volumeName)"
expect 'state, policy and claim of the volume' 'Bound Retain attic/letters' \
  "$(k get persistentvolume crate -o json | jq -r '"\(.status.phase) \(.spec.persistentVolumeReclaimPolicy) \(.spec.claimRef.namespace)/\(.spec.claimRef.name)"')"
pass 'the crate is taken'
