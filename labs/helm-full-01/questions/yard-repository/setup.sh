set -e
here=${BASH_SOURCE[0]%/*}
. "$here/../../helm.sh"
yard=/home/candidate/yard
rm -rf "$yard" /home/candidate/charts
mkdir -p "$yard" /home/candidate/charts
cp -r "$here/winch" /home/candidate/charts/winch
helm package "$here/winch" --destination "$yard" > /dev/null
helm package "$here/../../charts/crane" --version 0.9.0 --destination "$yard" > /dev/null
helm repo index "$yard" --url http://controlplane:30081
# Charts that have been there for long.
sed -i 's/created: .*/created: "2026-01-02T03:04:05.000000006Z"/' "$yard/index.yaml"
chown -R candidate:candidate "$yard" /home/candidate/charts
kubectl create namespace yard --dry-run=client -o yaml | kubectl apply -f -
kubectl -n yard create configmap yard-charts --from-file="$yard" --dry-run=client -o yaml | kubectl apply -f -
kubectl apply --validate=false -f - << 'YAML'
apiVersion: apps/v1
kind: Deployment
metadata: { name: yard, namespace: yard }
spec:
  strategy: { type: Recreate }
  selector: { matchLabels: { app: yard } }
  template:
    metadata: { labels: { app: yard } }
    spec:
      terminationGracePeriodSeconds: 1
      volumes: [{ name: charts, configMap: { name: yard-charts } }]
      containers:
        - name: web
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          volumeMounts: [{ name: charts, mountPath: /usr/share/nginx/html }]
          readinessProbe: { httpGet: { path: /index.yaml, port: 80 }, periodSeconds: 2 }
---
apiVersion: v1
kind: Service
metadata: { name: yard, namespace: yard }
spec:
  type: NodePort
  selector: { app: yard }
  ports: [{ port: 80, nodePort: 30081 }]
YAML
