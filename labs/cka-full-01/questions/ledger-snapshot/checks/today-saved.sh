. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../probe.sh"
expect 'the file /opt/backup/etcd-today.db' there "$(there /opt/backup/etcd-today.db)"
probe=ckx-snapshot-probe
trap gone EXIT
gone
k apply -f - > /dev/null << 'YAML' || undecided 'no Pod could be made to look at the snapshots'
apiVersion: v1
kind: Pod
metadata: { name: ckx-snapshot-probe, namespace: kube-system }
spec:
  restartPolicy: Never
  terminationGracePeriodSeconds: 0
  tolerations: [{ operator: Exists }]
  nodeName: controlplane
  volumes: [{ name: backup, hostPath: { path: /opt/backup, type: Directory } }]
  containers:
    - name: today
      image: registry.k8s.io/etcd:3.6.5-0
      imagePullPolicy: IfNotPresent
      command: [etcdutl, snapshot, status, /backup/etcd-today.db, -w, json]
      volumeMounts: [{ name: backup, mountPath: /backup, readOnly: true }]
    - name: friday
      image: registry.k8s.io/etcd:3.6.5-0
      imagePullPolicy: IfNotPresent
      command: [etcdutl, snapshot, status, /backup/etcd-friday.db, -w, json]
      volumeMounts: [{ name: backup, mountPath: /backup, readOnly: true }]
YAML
ended() { phase=$(phase_of); [[ $phase == Succeeded || $phase == Failed ]]; }
# ckx-lint: allow WAIT_TOO_LONG
until_true 25 ended || undecided 'the Pod that looks at the snapshots did not end'
today=$(k -n kube-system logs "$probe" -c today 2>&1)
friday=$(k -n kube-system logs "$probe" -c friday 2>&1)
note "etcdutl says of today: ${today:0:300}"
note "etcdutl says of Friday: ${friday:0:300}"
expect_at_least 'keys in the snapshot of today' 100 "$(jq -r '.totalKey // 0' <<< "$today" 2> /dev/null)"
expect_at_least 'its revision, which is later than that of Friday' "$(($(jq -r '.revision // 0' <<< "$friday" 2> /dev/null || echo 0) + 1))" \
  "$(jq -r '.revision // 0' <<< "$today" 2> /dev/null)"
pass 'the snapshot is whole'
