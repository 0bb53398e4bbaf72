set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: tide }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: tide-table, namespace: tide }
spec:
  replicas: 4
  strategy:
    rollingUpdate: { maxUnavailable: 50%, maxSurge: 0 }
  selector:
    matchLabels: { app: tide-table }
  template:
    metadata:
      labels: { app: tide-table }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: web
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'echo "tide $RELEASE" > /usr/share/nginx/html/index.html; exec nginx -g "daemon off;"']
          env: [{ name: RELEASE, value: '1' }]
          readinessProbe: { httpGet: { path: /, port: 80 }, periodSeconds: 2 }
YAML
# A revision that the controller has not seen is none.
revision() {
  kubectl -n tide wait deployment tide-table --for=jsonpath='{.status.observedGeneration}'="$(kubectl -n tide get deployment tide-table -o jsonpath='{.metadata.generation}')" --timeout=20s
}
revision
kubectl -n tide set env deployment tide-table RELEASE=2
revision
# ckx-lint: allow IMAGE_UNDECLARED
kubectl -n tide patch deployment tide-table -p '{"spec": {"template": {"spec": {"containers": [{"name": "web", "image": "nginx:1.72", "env": [{"name": "RELEASE", "value": "3"}]}]}}}}'
