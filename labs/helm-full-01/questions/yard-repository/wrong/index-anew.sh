set -e
cd ~
helm package charts/winch --version 0.2.0 --app-version 7 --destination new
helm repo index new --url http://controlplane:30081
cp new/winch-0.2.0.tgz new/index.yaml yard/
kubectl -n yard create configmap yard-charts --from-file=yard --dry-run=client -o yaml | kubectl replace -f -
kubectl -n yard rollout restart deployment yard
kubectl -n yard rollout status deployment yard --timeout=60s
