set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: gazette }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: paper, namespace: gazette }
spec:
  selector:
    matchLabels: { app: paper }
  template:
    metadata:
      labels: { app: paper }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: paper
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          readinessProbe: { httpGet: { path: /, port: 80 }, periodSeconds: 2 }
---
apiVersion: v1
kind: Service
metadata: { name: paper, namespace: gazette }
spec:
  selector: { app: paper }
  ports: [{ port: 80 }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: press, namespace: gazette }
spec:
  selector:
    matchLabels: { app: press }
  template:
    metadata:
      labels: { app: press }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: press
          image: busybox:1.36
          imagePullPolicy: IfNotPresent
          command:
            - sh
            - -c
            - |
              mkdir -p /var/log/press /editions
              while true; do
                edition=$((edition + 1))
                echo "edition $edition" > /editions/latest
                echo "$(date) printed edition $edition" >> /var/log/press/press.log
                sleep 1
              done
YAML
