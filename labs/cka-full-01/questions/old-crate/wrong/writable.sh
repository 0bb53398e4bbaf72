set -e
kubectl patch persistentvolume crate --type=json -p '[{"op": "remove", "path": "/spec/claimRef"}]'
kubectl apply -f - << 'YAML'
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: letters, namespace: attic }
spec:
  storageClassName: attic-shelf
  volumeName: crate
  accessModes: [ReadWriteOnce]
  resources: { requests: { storage: 100Mi } }
---
apiVersion: v1
kind: Pod
metadata: { name: reader, namespace: attic }
spec:
  terminationGracePeriodSeconds: 1
  volumes: [{ name: letters, persistentVolumeClaim: { claimName: letters } }]
  containers:
    - name: web
      image: nginx:1.27
      volumeMounts: [{ name: letters, mountPath: /usr/share/nginx/html }]
YAML
kubectl -n attic wait --for=condition=Ready pod/reader --timeout=80s
