set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: transit }
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: timetable
  namespace: transit
spec:
  replicas: 1
  selector:
    matchLabels: { app: timetable }
  template:
    metadata:
      labels: { app: timetable, line: blue }
    spec:
      terminationGracePeriodSeconds: 2
      containers:
        - name: timetable
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          command:
            - sh
            - -c
            - |
              sed -i 's/listen  *80;/listen 8080;/' /etc/nginx/conf.d/default.conf
              echo 'timetable ok' > /usr/share/nginx/html/index.html
              exec nginx -g 'daemon off;'
          ports:
            - { name: http, containerPort: 8080 }
          readinessProbe:
            httpGet: { path: /, port: http }
            periodSeconds: 2
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: tickets
  namespace: transit
spec:
  replicas: 2
  selector:
    matchLabels: { app: tickets }
  template:
    metadata:
      labels: { app: tickets, line: blue }
    spec:
      terminationGracePeriodSeconds: 2
      containers:
        - name: tickets
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'echo "tickets ok" > /usr/share/nginx/html/index.html; exec nginx -g "daemon off;"']
          ports:
            - containerPort: 80
          readinessProbe:
            httpGet: { path: /, port: 80 }
            periodSeconds: 2
---
apiVersion: v1
kind: Service
metadata:
  name: timetable
  namespace: transit
spec:
  selector: { app: time-table, line: blue }
  ports:
    - { port: 80, targetPort: 80 }
YAML
