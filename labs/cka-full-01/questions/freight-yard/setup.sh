set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: yard }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: freight, namespace: yard }
spec:
  replicas: 2
  selector: { matchLabels: { app: freight } }
  template:
    metadata: { labels: { app: freight } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: freight
          image: busybox:1.36
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'while true; do sleep 1; done']
YAML
