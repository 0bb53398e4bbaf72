set -e
lens() {
  cat << YAML
apiVersion: v1
kind: Namespace
metadata: { name: lamp-house }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: lens, namespace: lamp-house }
spec:
  replicas: 1
  strategy: { type: RollingUpdate, rollingUpdate: { maxUnavailable: 1, maxSurge: 2 } }
  selector: { matchLabels: { app: lens } }
  template:
    metadata: { labels: { app: lens } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: lens
          image: $1
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'echo "lens \$SHADE" > /usr/share/nginx/html/index.html; exec nginx -g "daemon off;"']
          env: [{ name: SHADE, value: $2 }]
          readinessProbe: { httpGet: { path: /, port: 80 }, periodSeconds: 2 }
YAML
}
lens nginx:1.27 clear | kubectl apply --validate=false -f -
# A revision is one only when the controller has seen it.
until kubectl -n lamp-house get deployment lens -o jsonpath='{.metadata.annotations.deployment\.kubernetes\.io/revision}' | grep -q .; do sleep 0.2; done
lens nginx:1.72 dim | kubectl apply --validate=false -f -
