. "$CKX_CHECKS/2.sh"
claim=$(k -n cold-store get persistentvolumeclaim ice -o json 2>&1) || fail "$claim"
expect 'state, class, access and request of the claim' 'Bound cold ReadWriteOnce 200Mi' \
  "$(jq -r '"\(.status.phase) \(.spec.storageClassName) \(.spec.accessModes | join(",")) \(.spec.resources.requests.storage)"' <<< "$claim")"
expect 'policy of its volume' Retain "$(k get persistentvolume "$(jq -r .spec.volumeName <<< "$claim")" -o jsonpath='{.spec.persistentVolumeReclaimPolicy}')"
pod=$(ready_pods cold-store icebox)
expect 'ready Pods of icebox' 1 "$(grep -c . <<< "$pod")"
expect 'claim at /data' ice "$(k -n cold-store get pod "$pod" -o json | jq -r '.spec as $spec | $spec.containers[0].volumeMounts[] | select(.mountPath == "/data") | .name as $name
  | $spec.volumes[] | select(.name == $name) | .persistentVolumeClaim.claimName // "none"')"
expect_match 'what was written last' '^[0-9]{2}:[0-9]{2}:[0-9]{2}$' "$(k -n cold-store exec "$pod" -- cat /data/last 2>&1)"
pass 'the ice is kept'
