. "$CKX_CHECKS/2.sh"
claim=$(k -n gazette get pvc editions -o json 2>&1) || fail "$claim"
expect 'state of the claim' Bound "$(jq -r .status.phase <<< "$claim")"
expect 'size and access' '100Mi ReadWriteOnce' "$(jq -r '"\(.spec.resources.requests.storage) \(.spec.accessModes | join(","))"' <<< "$claim")"
expect 'storage class' "$(k get storageclass -o json | jq -r '.items[] | select(.metadata.annotations["storageclass.kubernetes.io/is-default-class"] == "true") | .metadata.name')" \
  "$(jq -r .spec.storageClassName <<< "$claim")"
pod=$(ready_pods gazette press)
expect 'ready Pods of press' 1 "$(grep -c . <<< "$pod")"
mounted=$(k -n gazette get pod "$pod" -o json | jq -r '
  (.spec.containers[] | select(.name == "press") | .volumeMounts[] | select(.mountPath | rtrimstr("/") == "/editions") | .name) as $name
  | .spec.volumes[] | select(.name == $name) | .persistentVolumeClaim.claimName // "something else"')
expect 'claim behind /editions' editions "$mounted"
expect_match 'the latest edition' '^edition [0-9]+$' "$(k -n gazette exec "$pod" -c press -- cat /editions/latest 2>&1)"
pass 'the editions are kept'
