set -e
one() {
  cat << YAML
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: $2, namespace: $1 }
spec:
  selector: { matchLabels: { app: $2 } }
  template:
    metadata: { labels: { app: $2, $3 } }
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
metadata: { name: carriages, labels: { side: middle } }
---
apiVersion: v1
kind: Namespace
metadata: { name: northside, labels: { side: north } }
YAML
  one carriages buffet 'role: buffet'
  one carriages conductor 'role: conductor'
  one carriages passenger 'role: passenger, uniform: porter'
  one northside porter 'uniform: porter'
  one northside idler 'uniform: none'
} | kubectl apply --validate=false -f -
