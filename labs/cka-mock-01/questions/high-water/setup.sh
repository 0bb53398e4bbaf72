set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: dyke }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: pumps, namespace: dyke }
spec:
  replicas: 2
  selector: { matchLabels: { app: pumps } }
  template:
    metadata: { labels: { app: pumps } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: pump
          image: busybox:1.36
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'while true; do sleep 1; done']
YAML
