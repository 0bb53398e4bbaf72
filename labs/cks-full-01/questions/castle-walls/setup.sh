set -e
# speaker NAMESPACE NAME ANSWER [LABEL]: a Deployment that answers on port 80 and can ask others.
speaker() {
  cat << YAML
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: $2, namespace: $1 }
spec:
  selector: { matchLabels: { app: $2 } }
  template:
    metadata: { labels: { app: $2${4:+, $4} } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: $2
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'echo "$3" > /usr/share/nginx/html/index.html; exec nginx -g "daemon off;"']
          readinessProbe: { httpGet: { path: /, port: 80 }, periodSeconds: 2 }
---
apiVersion: v1
kind: Service
metadata: { name: $2, namespace: $1 }
spec:
  selector: { app: $2 }
  ports: [{ port: 80 }]
YAML
}
{
  for namespace in castle village forest; do printf -- '---\napiVersion: v1\nkind: Namespace\nmetadata: { name: %s }\n' "$namespace"; done
  speaker castle gatehouse 'gate open'
  speaker castle treasury 'gold counted'
  speaker castle scribe 'ink dry'
  speaker village merchant 'silk and salt' 'role: merchant'
  speaker village beggar 'a coin, please'
  speaker forest robber 'your purse' 'role: merchant'
} | kubectl apply --validate=false -f -
