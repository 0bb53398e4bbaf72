set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: granary }
---
apiVersion: v1
kind: ResourceQuota
metadata: { name: store, namespace: granary }
spec:
  hard: { requests.cpu: 500m, requests.memory: 400Mi, limits.cpu: '1', limits.memory: 800Mi, pods: '8' }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: bins, namespace: granary }
spec:
  replicas: 3
  selector: { matchLabels: { app: bins } }
  template:
    metadata: { labels: { app: bins } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: bin
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          resources: { requests: { cpu: 300m, memory: 64Mi } }
          readinessProbe: { httpGet: { path: /, port: 80 }, periodSeconds: 2 }
YAML
