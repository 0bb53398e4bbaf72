set -e
cat > ~/attic-clock.yaml << 'YAML'
apiVersion: apps/v1
kind: Deployment
metadata:
  name: attic-clock
  namespace: attic
spec:
  replicas: 2
  selector:
    matchLabels:
      app: attic-clock
  template:
    metadata:
      labels:
        app: attic-clock
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: clock
          image: nginx:1.27
          ports:
            - containerPort: 80
          readinessProbe:
            httpGet:
              path: /
              port: 80
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: attic-clock
  namespace: attic
spec:
  minAvailable: 1
  selector:
    matchLabels:
      app: attic-clock
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: wind-the-clock
  namespace: attic
spec:
  schedule: '0 6 * * 1'
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: winder
              image: busybox:1.36
              command: [echo, wound]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: attic-clock
  namespace: attic
spec:
  rules:
    - http:
        paths:
          - path: /clock
            pathType: Prefix
            backend:
              service:
                name: attic-clock
                port:
                  number: 80
YAML
kubectl apply -f ~/attic-clock.yaml
kubectl -n attic rollout status deployment attic-clock --timeout=80s
