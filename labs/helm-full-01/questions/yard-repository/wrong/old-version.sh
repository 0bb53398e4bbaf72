set -e
cd ~
helm package charts/winch --app-version 7 --destination yard
helm repo index yard --url http://controlplane:30081
kubectl -n yard create configmap yard-charts --from-file=yard --dry-run=client -o yaml | kubectl replace -f -
kubectl -n yard rollout restart deployment yard
kubectl -n yard rollout status deployment yard --timeout=60s
