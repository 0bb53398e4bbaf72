. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../probe.sh"
expect 'the folder /var/lib/etcd-friday/member/snap' there "$(there /var/lib/etcd-friday/member/snap/db)"
# ckx-lint: allow CHECK_NAME_UNKNOWN
expect 'data folder of the running etcd' /var/lib/etcd "$(value_of kube-system pod etcd-controlplane '[.spec.volumes[] | select(.name == "etcd-data") | .hostPath.path] | join(" ")')"
probe=ckx-friday-probe
trap gone EXIT
gone
# An etcd of its own, on a copy.
k apply -f - > /dev/null << 'YAML' || undecided 'no Pod could be made to look at the data'
apiVersion: v1
kind: Pod
metadata: { name: ckx-friday-probe, namespace: kube-system }
spec:
  restartPolicy: Never
  terminationGracePeriodSeconds: 0
  tolerations: [{ operator: Exists }]
  nodeName: controlplane
  volumes:
    - { name: friday, hostPath: { path: /var/lib/etcd-friday, type: Directory } }
    - { name: copy, emptyDir: {} }
  initContainers:
    - name: copy
      image: busybox:1.36
      imagePullPolicy: IfNotPresent
      command: [sh, -c, 'mkdir -m 700 /copy/data && cp -r /friday/member /copy/data/']
      volumeMounts: [{ name: friday, mountPath: /friday, readOnly: true }, { name: copy, mountPath: /copy }]
  containers:
    - name: etcd
      image: registry.k8s.io/etcd:3.6.5-0
      imagePullPolicy: IfNotPresent
      command:
        - etcd
        - --data-dir=/copy/data
        - --force-new-cluster
        - --unsafe-no-fsync
        - --listen-client-urls=http://127.0.0.1:2379
        - --advertise-client-urls=http://127.0.0.1:2379
      volumeMounts: [{ name: copy, mountPath: /copy }]
YAML
begun() { phase=$(phase_of); [[ $phase == Running || $phase == Failed || $phase == Succeeded ]]; }
# ckx-lint: allow WAIT_TOO_LONG
until_true 25 begun || undecided 'the Pod that looks at the data did not start'
key=/registry/configmaps/counting-house/ledger
found() { k -n kube-system exec "$probe" -c etcd -- etcdctl --command-timeout=3s get "$key" --keys-only 2> /dev/null | grep .; }
expect_soon 10 'key in the data' "$key" found
pass 'the data of Friday lie ready'
