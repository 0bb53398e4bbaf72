set -e
one() {
  cat << YAML
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: $1, namespace: portal }
spec:
  selector: { matchLabels: { app: $1 } }
  template:
    metadata: { labels: { app: $1 } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: web
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          command:
            - sh
            - -c
            - |
              echo 'server { listen 80; location / { return 200 "$1\n"; } }' > /etc/nginx/conf.d/default.conf
              exec nginx -g 'daemon off;'
          readinessProbe: { httpGet: { path: /, port: 80 }, periodSeconds: 2 }
---
apiVersion: v1
kind: Service
metadata: { name: $1, namespace: portal }
spec: { selector: { app: $1 }, ports: [{ name: $2, port: $3, targetPort: 80 }] }
YAML
}
{
  echo '{ apiVersion: v1, kind: Namespace, metadata: { name: portal } }'
  one timetable http 80
  one tickets sales 8080
  cat << 'YAML'
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: south, namespace: portal }
spec:
  ingressClassName: nginx-south
  rules:
    - host: south.example.com
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: tickets, port: { number: 80 } } } }] }
YAML
} | kubectl apply --validate=false -f -
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /O=Rail/CN=rail.example.com -addext subjectAltName=DNS:rail.example.com \
  -keyout /home/candidate/rail.key -out /home/candidate/rail.crt 2> /dev/null
chown candidate:candidate /home/candidate/rail.key /home/candidate/rail.crt
