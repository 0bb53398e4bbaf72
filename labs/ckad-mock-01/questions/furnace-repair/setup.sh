set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: foundry }
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: furnace-settings
  namespace: foundry
data:
  furnace.temperature: '1450'
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: furnace
  namespace: foundry
spec:
  replicas: 1
  progressDeadlineSeconds: 60
  selector:
    matchLabels: { app: furnace }
  template:
    metadata:
      labels: { app: furnace }
    spec:
      terminationGracePeriodSeconds: 2
      containers:
        - name: furnace
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          command:
            - sh
            - -c
            - |
              cd /usr/share/nginx/html && rm -f ready
              echo "$TEMPERATURE" > index.html
              echo alive > alive
              (sleep 1; echo ready > ready) &
              exec nginx -g 'daemon off;'
          env:
            - name: TEMPERATURE
              valueFrom:
                configMapKeyRef: { name: furnace-settings, key: temperature }
          ports:
            - containerPort: 80
          readinessProbe:
            httpGet: { path: /healthz, port: 8080 }
            periodSeconds: 2
            failureThreshold: 1
---
apiVersion: v1
kind: Service
metadata:
  name: furnace
  namespace: foundry
spec:
  selector: { app: furnace }
  ports:
    - { port: 80, targetPort: 80 }
YAML
