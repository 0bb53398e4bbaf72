set -e
here=${BASH_SOURCE[0]%/*}
. "$here/../../helm.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for version in 1.0.0 1.1.0 2.0.0; do
  cp -r "$here/charts/press" "$work/press"
  # The newest release of the chart has other defaults.
  [ "$version" != 2.0.0 ] || sed -i 's/^jars: 4/jars: 6/; s/^message: .*/message: a press of the second kind/; s/1\.27/1.28/' "$work/press/values.yaml"
  helm package "$work/press" --version "$version" -d "$work" > /dev/null
  rm -r "$work/press"
done
helm repo index "$work"
kubectl create namespace orchard-charts --dry-run=client -o yaml | kubectl apply -f -
kubectl -n orchard-charts create configmap charts --from-file="$work" --dry-run=client -o yaml | kubectl apply -f -
kubectl apply --validate=false -f - << 'YAML'
apiVersion: apps/v1
kind: Deployment
metadata:
  name: charts
  namespace: orchard-charts
spec:
  selector:
    matchLabels: { app: charts }
  template:
    metadata:
      labels: { app: charts }
    spec:
      terminationGracePeriodSeconds: 2
      volumes:
        - name: charts
          configMap: { name: charts }
      containers:
        - name: web
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          volumeMounts:
            - { name: charts, mountPath: /usr/share/nginx/html }
---
apiVersion: v1
kind: Service
metadata:
  name: charts
  namespace: orchard-charts
spec:
  type: NodePort
  selector: { app: charts }
  ports:
    - { port: 80, nodePort: 30080 }
YAML
