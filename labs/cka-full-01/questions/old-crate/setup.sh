set -e
here=${BASH_SOURCE[0]%/*}
. "$here/../../node.sh"
on_node node01 'mkdir -p /srv/crate /srv/crate-spare && echo "dear aunt, the trains run again" > /srv/crate/letter.txt && chmod -R a+rX /srv/crate' < /dev/null
shelf() {
  cat << YAML
---
apiVersion: v1
kind: PersistentVolume
metadata: { name: $1 }
spec:
  capacity: { storage: 100Mi }
  accessModes: [ReadWriteOnce]
  storageClassName: attic-shelf
  persistentVolumeReclaimPolicy: Retain
  local: { path: /srv/$1 }
  nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: kubernetes.io/hostname, operator: In, values: [node01] }] }] } }
YAML
}
{
  echo '{ apiVersion: v1, kind: Namespace, metadata: { name: attic } }'
  shelf crate-spare
  shelf crate
  # As a claim leaves it that was deleted.
  echo '  claimRef: { apiVersion: v1, kind: PersistentVolumeClaim, namespace: attic, name: letters, uid: 6f2f6f1e-9a0c-4f57-9d8e-1f0c5a3b7d21 }'
} | kubectl create -f - > /tmp/ckx-crate 2>&1 || grep -q AlreadyExists /tmp/ckx-crate || { cat /tmp/ckx-crate >&2; exit 1; }
