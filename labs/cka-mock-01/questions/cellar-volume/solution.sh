set -e
kubectl apply -f - << 'YAML'
apiVersion: v1
kind: PersistentVolume
metadata: { name: barrels }
spec:
  capacity: { storage: 1Gi }
  accessModes: [ReadWriteOnce]
  storageClassName: cellar
  persistentVolumeReclaimPolicy: Retain
  hostPath: { path: /srv/barrels }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: barrels, namespace: vintner }
spec:
  storageClassName: cellar
  accessModes: [ReadWriteOnce]
  resources: { requests: { storage: 500Mi } }
---
apiVersion: v1
kind: Pod
metadata: { name: taster, namespace: vintner }
spec:
  terminationGracePeriodSeconds: 1
  volumes: [{ name: barrels, persistentVolumeClaim: { claimName: barrels } }]
  containers:
    - name: web
      image: nginx:1.27
      volumeMounts: [{ name: barrels, mountPath: /usr/share/nginx/html, readOnly: true }]
YAML
kubectl -n vintner wait --for=condition=Ready pod/taster --timeout=60s
