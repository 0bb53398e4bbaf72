# Sourced by setups, which run at once: the chart repository that several questions use, made by the first of them while the others wait.
lab=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
. "$lab/helm.sh"
exec {repository}> /run/ckx-repository.lock
flock "$repository"
if ! kubectl -n harbour-charts get service charts > /dev/null 2>&1; then
  work=$(mktemp -d)
  for version in 1.1.4 1.2.0 1.2.3 1.3.0; do
    helm package "$lab/charts/boat" --version "$version" --app-version "$version" --destination "$work" > /dev/null
  done
  for version in 0.5.0 0.6.1; do helm package "$lab/charts/crane" --version "$version" --destination "$work" > /dev/null; done
  helm repo index "$work"
  kubectl create namespace harbour-charts --dry-run=client -o yaml | kubectl apply -f -
  kubectl -n harbour-charts create configmap charts --from-file="$work" --dry-run=client -o yaml | kubectl apply -f -
  rm -r "$work"
  kubectl apply --validate=false -f - << 'YAML'
apiVersion: apps/v1
kind: Deployment
metadata: { name: charts, namespace: harbour-charts }
spec:
  selector: { matchLabels: { app: charts } }
  template:
    metadata: { labels: { app: charts } }
    spec:
      terminationGracePeriodSeconds: 1
      volumes: [{ name: charts, configMap: { name: charts } }]
      containers:
        - name: web
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          volumeMounts: [{ name: charts, mountPath: /usr/share/nginx/html }]
---
apiVersion: v1
kind: Service
metadata: { name: charts, namespace: harbour-charts }
spec:
  type: NodePort
  selector: { app: charts }
  ports: [{ port: 80, nodePort: 30080 }]
YAML
fi
exec {repository}>&-
