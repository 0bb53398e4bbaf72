set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: lantern }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: lantern-blue, namespace: lantern }
spec:
  replicas: 2
  selector:
    matchLabels: { app: lantern, colour: blue }
  template:
    metadata:
      labels: { app: lantern, colour: blue }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: web
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'echo "lantern $COLOUR" > /usr/share/nginx/html/index.html; exec nginx -g "daemon off;"']
          env: [{ name: COLOUR, value: blue }]
          readinessProbe: { httpGet: { path: /, port: 80 }, periodSeconds: 2 }
---
apiVersion: v1
kind: Service
metadata: { name: lantern, namespace: lantern }
spec:
  selector: { app: lantern, colour: blue }
  ports: [{ port: 80 }]
YAML
