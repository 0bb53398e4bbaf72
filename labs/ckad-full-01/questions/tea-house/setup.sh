set -e
# one NAMESPACE NAME [LABEL]: a Deployment that answers with its name, and its Service.
one() {
  cat << YAML
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: $2, namespace: $1 }
spec:
  selector: { matchLabels: { app: $2 } }
  template:
    metadata: { labels: { app: $2${3:+, $3} } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: web
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'echo "$2 answers" > /usr/share/nginx/html/index.html; exec nginx -g "daemon off;"']
          readinessProbe: { httpGet: { path: /, port: 80 }, periodSeconds: 2 }
---
apiVersion: v1
kind: Service
metadata: { name: $2, namespace: $1 }
spec: { selector: { app: $2 }, ports: [{ port: 80 }] }
YAML
}
{
  cat << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: tea-house }
---
apiVersion: v1
kind: Namespace
metadata: { name: tea-import, labels: { trade: tea } }
---
apiVersion: v1
kind: Namespace
metadata: { name: spice-import, labels: { trade: spice } }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: tea-house }
spec:
  podSelector: {}
  policyTypes: [Ingress]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: kitchen, namespace: tea-house }
spec:
  podSelector: { matchLabels: { app: kitchen } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { serves: tea } } }]
      ports: [{ port: 80, protocol: TCP }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: salon, namespace: tea-house }
spec:
  podSelector: { matchLabels: { app: salon } }
  policyTypes: [Ingress]
  ingress: [{ ports: [{ port: 80, protocol: TCP }] }]
YAML
  one tea-house kitchen
  one tea-house salon
  one tea-house cellar
  one tea-house waiter 'serves: coffee'
  one tea-house guest
  one tea-import importer
  one spice-import merchant
} | kubectl apply --validate=false -f -
