set -e
one() {
  cat << YAML
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: $1, namespace: post }
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
          command: [sh, -c, 'sed -i "s/listen  *80;/listen $2;/" /etc/nginx/conf.d/default.conf; echo "$1" > /usr/share/nginx/html/index.html; exec nginx -g "daemon off;"']
          readinessProbe: { httpGet: { path: /, port: $2 }, periodSeconds: 2 }
YAML
}
{
  echo '{ apiVersion: v1, kind: Namespace, metadata: { name: post } }'
  one sorter 8088
  one stamp 80
  one till 80
  cat << 'YAML'
---
apiVersion: v1
kind: Service
metadata: { name: sorter, namespace: post }
spec: { selector: { app: sorters }, ports: [{ port: 80, targetPort: 8080 }] }
---
apiVersion: v1
kind: Service
metadata: { name: stamp, namespace: post }
spec: { selector: { app: stamp }, ports: [{ port: 80 }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: counter-only, namespace: post }
spec:
  podSelector: { matchLabels: { app: stamp } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ namespaceSelector: { matchLabels: { name: post } } }]
      ports: [{ port: 8080 }]
---
apiVersion: v1
kind: Service
metadata: { name: till, namespace: post }
spec: { ports: [{ port: 80 }] }
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: till-of-last-year
  namespace: post
  labels: { kubernetes.io/service-name: till }
addressType: IPv4
ports: [{ port: 80, protocol: TCP }]
endpoints: [{ addresses: [10.42.1.253] }]
YAML
} | kubectl apply --validate=false -f -
