. "$CKX_CHECKS/1.sh"
probe=ckx-snapshot-probe
trap 'k -n kube-system delete pod "$probe" --ignore-not-found --force --grace-period=0 > /dev/null 2>&1' EXIT
k -n kube-system delete pod "$probe" --ignore-not-found --force --grace-period=0 > /dev/null 2>&1
# Looked at by a Pod on the node, which sees the folder alone and cannot write to it.
k apply -f - > /dev/null << 'YAML' || undecided 'no Pod could be made to look at the snapshot'
apiVersion: v1
kind: Pod
metadata: { name: ckx-snapshot-probe, namespace: kube-system }
spec:
  restartPolicy: Never
  tolerations: [{ operator: Exists }]
  nodeName: controlplane
  volumes: [{ name: backups, hostPath: { path: /var/backups, type: Directory } }]
  containers:
    - name: probe
      image: registry.k8s.io/etcd:3.6.5-0
      imagePullPolicy: IfNotPresent
      command: [etcdutl, snapshot, status, /backups/etcd-snapshot.db, -w, json]
      volumeMounts: [{ name: backups, mountPath: /backups, readOnly: true }]
YAML
ended() { phase=$(k -n kube-system get pod "$probe" -o jsonpath='{.status.phase}'); [[ $phase == Succeeded || $phase == Failed ]]; }
# ckx-lint: allow WAIT_TOO_LONG
until_true 20 ended || undecided 'the Pod that looks at the snapshot did not end'
said=$(k -n kube-system logs "$probe" 2>&1)
note "etcdutl says: ${said:0:400}"
expect 'how etcdutl ended' Succeeded "$phase"
expect_at_least 'keys in the snapshot' 100 "$(jq -r '.totalKey // 0' <<< "$said" 2> /dev/null)"
pass 'the snapshot is whole'
