set -e
kubectl apply -f - << 'YAML'
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: cold
provisioner: rancher.io/local-path
reclaimPolicy: Retain
volumeBindingMode: WaitForFirstConsumer
allowVolumeExpansion: true
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: ice, namespace: cold-store }
spec:
  storageClassName: local-path
  accessModes: [ReadWriteOnce]
  resources: { requests: { storage: 200Mi } }
YAML
kubectl -n cold-store patch deployment icebox --type=json -p '[{"op": "replace", "path": "/spec/template/spec/volumes/0", "value": {"name": "data", "persistentVolumeClaim": {"claimName": "ice"}}}]'
kubectl -n cold-store rollout status deployment icebox --timeout=100s
