set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: mill }
---
apiVersion: v1
kind: ResourceQuota
metadata: { name: mill, namespace: mill }
spec: { hard: { requests.cpu: 300m } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: wheel, namespace: mill }
spec:
  selector: { matchLabels: { app: wheel } }
  template:
    metadata: { labels: { app: wheel } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: wheel
          # ckx-lint: allow IMAGE_UNDECLARED
          image: nginx:1.27.perl
          imagePullPolicy: IfNotPresent
          resources: { requests: { cpu: 20m } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: grinder, namespace: mill }
spec:
  replicas: 2
  selector: { matchLabels: { app: grinder } }
  template:
    metadata: { labels: { app: grinder } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: grinder
          image: busybox:1.36
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'while true; do sleep 1; done']
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: sack, namespace: mill }
spec:
  selector: { matchLabels: { app: sack } }
  template:
    metadata: { labels: { app: sack } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: sack
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'echo "flour" > /usr/share/nginx/html/index.html; exec nginx -g "daemon off;"']
          resources: { requests: { cpu: 20m } }
          readinessProbe: { httpGet: { path: /healthy, port: 8080 }, periodSeconds: 2 }
YAML
