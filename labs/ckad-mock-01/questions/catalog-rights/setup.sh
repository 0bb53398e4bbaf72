set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: archive }
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: catalog-settings
  namespace: archive
data:
  shelves: north,east,cellar
  language: latin
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: catalog
  namespace: archive
spec:
  replicas: 1
  selector:
    matchLabels: { app: catalog }
  template:
    metadata:
      labels: { app: catalog }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: catalog
          image: busybox:1.36
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'while true; do date > /tmp/last-seen || exit 1; sleep 5; done']
YAML
