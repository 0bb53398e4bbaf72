set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: market }
---
apiVersion: v1
kind: Service
metadata: { name: bakery, namespace: market }
spec: { selector: { app: bakery }, ports: [{ name: http, port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: fishmonger, namespace: market }
spec: { selector: { app: fishmonger }, ports: [{ name: http, port: 8080, targetPort: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: hall, namespace: market }
spec: { selector: { app: hall }, ports: [{ name: http, port: 80 }] }
YAML
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=market.example.com \
  -keyout /home/candidate/market.key -out /home/candidate/market.crt 2> /dev/null
chown candidate:candidate /home/candidate/market.key /home/candidate/market.crt
