set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: kiln }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: kiln, namespace: kiln }
spec:
  strategy: { type: Recreate }
  selector:
    matchLabels: { app: kiln }
  template:
    metadata:
      labels: { app: kiln }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: kiln
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          command:
            - sh
            - -c
            - |
              cd /usr/share/nginx/html && rm -f alive ready
              (sleep 5; echo alive > alive; echo ready > ready) &
              exec nginx -g 'daemon off;'
          livenessProbe:
            httpGet: { path: /alive, port: 80 }
            periodSeconds: 1
            failureThreshold: 2
---
apiVersion: v1
kind: Service
metadata: { name: kiln, namespace: kiln }
spec:
  selector: { app: kiln }
  ports: [{ port: 80 }]
YAML
