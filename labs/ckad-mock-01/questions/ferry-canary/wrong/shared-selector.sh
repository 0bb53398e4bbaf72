set -e
kubectl apply -f - << 'YAML'
apiVersion: apps/v1
kind: Deployment
metadata: { name: ferry-canary, namespace: harbor }
spec:
  replicas: 1
  selector: { matchLabels: { app: ferry } }
  template:
    metadata: { labels: { app: ferry, track: canary } }
    spec:
      terminationGracePeriodSeconds: 2
      containers:
        - name: web
          image: nginx:1.27
          command: [sh, -c, 'echo "ferry $RELEASE" > /usr/share/nginx/html/index.html; exec nginx -g "daemon off;"']
          env: [{ name: RELEASE, value: v2 }]
          readinessProbe: { httpGet: { path: /, port: 80 }, periodSeconds: 2 }
YAML
kubectl -n harbor patch service ferry --type=json -p '[{"op": "replace", "path": "/spec/selector", "value": {"app": "ferry"}}]'
kubectl -n harbor rollout status deployment ferry-canary --timeout=60s
