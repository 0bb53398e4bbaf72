set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: attic }
---
apiVersion: v1
kind: Service
metadata: { name: attic-clock, namespace: attic }
spec:
  selector: { app: attic-clock }
  ports: [{ port: 80 }]
YAML
cat > /home/candidate/attic-clock.yaml << 'YAML'
apiVersion: extensions/v1beta1
kind: Deployment
metadata:
  name: attic-clock
  namespace: attic
spec:
  replicas: 2
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
apiVersion: policy/v1beta1
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
apiVersion: batch/v1beta1
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
apiVersion: networking.k8s.io/v1beta1
kind: Ingress
metadata:
  name: attic-clock
  namespace: attic
spec:
  rules:
    - http:
        paths:
          - path: /clock
            backend:
              serviceName: attic-clock
              servicePort: 80
YAML
chown candidate:candidate /home/candidate/attic-clock.yaml
