set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: parcels }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: counter, namespace: parcels }
spec:
  replicas: 2
  selector: { matchLabels: { app: counter } }
  template:
    metadata: { labels: { app: counter } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: web
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'sed -i "s/listen  *80;/listen 8081;/" /etc/nginx/conf.d/default.conf; hostname > /usr/share/nginx/html/index.html; exec nginx -g "daemon off;"']
          readinessProbe: { httpGet: { path: /, port: 8081 }, periodSeconds: 2 }
YAML
