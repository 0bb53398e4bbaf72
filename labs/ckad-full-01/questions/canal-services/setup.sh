set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: canal }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: lock, namespace: canal }
spec:
  replicas: 2
  selector: { matchLabels: { app: lock } }
  template:
    metadata: { labels: { app: lock, gate: upper } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: lock
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'sed -i "s/listen  *80;/listen 8088;/" /etc/nginx/conf.d/default.conf; echo "lock open" > /usr/share/nginx/html/index.html; exec nginx -g "daemon off;"']
          ports: [{ name: sluice, containerPort: 8088 }]
          readinessProbe: { httpGet: { path: /, port: sluice }, periodSeconds: 2 }
---
apiVersion: v1
kind: Service
metadata: { name: lock, namespace: canal }
spec:
  selector: { app: lock, gate: lower }
  ports: [{ port: 80, targetPort: sluice-gate }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ferry, namespace: canal }
spec:
  selector: { matchLabels: { app: ferry } }
  template:
    metadata: { labels: { app: ferry } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: ferry
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          command:
            - sh
            - -c
            - |
              echo 'server { listen 80; location / { return 200 "passengers aboard\n"; } } server { listen 81; location / { return 200 "crew aboard\n"; } }' > /etc/nginx/conf.d/default.conf
              exec nginx -g 'daemon off;'
          readinessProbe: { httpGet: { path: /, port: 80 }, periodSeconds: 2 }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: pump, namespace: canal }
spec:
  selector: { matchLabels: { app: pump } }
  template:
    metadata: { labels: { app: pump } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: pump
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'echo "pump working" > /usr/share/nginx/html/index.html; exec nginx -g "daemon off;"']
          readinessProbe: { httpGet: { path: /, port: 80 }, periodSeconds: 2 }
YAML
