set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: cold-store }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: icebox, namespace: cold-store }
spec:
  strategy: { type: Recreate }
  selector: { matchLabels: { app: icebox } }
  template:
    metadata: { labels: { app: icebox } }
    spec:
      terminationGracePeriodSeconds: 1
      volumes: [{ name: data, emptyDir: {} }]
      containers:
        - name: icebox
          image: busybox:1.36
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'while true; do date -u +%T > /data/last; sleep 1; done']
          volumeMounts: [{ name: data, mountPath: /data }]
YAML
