set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: harbor }
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ferry
  namespace: harbor
  labels: { app: ferry }
spec:
  replicas: 3
  strategy:
    type: RollingUpdate
    rollingUpdate: { maxUnavailable: 2, maxSurge: 0 }
  selector:
    matchLabels: { app: ferry, track: stable }
  template:
    metadata:
      labels: { app: ferry, track: stable }
    spec:
      terminationGracePeriodSeconds: 2
      containers:
        - name: ferry
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'echo "ferry $RELEASE" > /usr/share/nginx/html/index.html; exec nginx -g "daemon off;"']
          env:
            - { name: RELEASE, value: v1 }
          ports:
            - containerPort: 80
          readinessProbe:
            httpGet: { path: /, port: 80 }
            periodSeconds: 2
---
apiVersion: v1
kind: Service
metadata:
  name: ferry
  namespace: harbor
spec:
  selector: { app: ferry, track: stable }
  ports:
    - { port: 80, targetPort: 80 }
YAML
