set -e
for name in pilot convoy; do
  cat << YAML
---
apiVersion: v1
kind: Namespace
metadata: { name: roads }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: $name, namespace: roads }
spec:
  replicas: 2
  selector: { matchLabels: { app: $name } }
  template:
    metadata: { labels: { app: $name } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: web
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'echo "$name answers" > /usr/share/nginx/html/index.html; exec nginx -g "daemon off;"']
          readinessProbe: { httpGet: { path: /, port: 80 }, periodSeconds: 2 }
YAML
done | kubectl apply --validate=false -f -
