set -e
kubectl -n harbour-charts rollout status deployment charts --timeout=60s
helm repo add harbour http://controlplane:30080
helm install gull harbour/boat --version '^1.2.0' --namespace north-sea --create-namespace \
  -f ~/fleet/base.yaml -f ~/fleet/north.yaml --set crew.captain=Ada --wait --timeout 60s
helm template gull harbour/boat --version 1.2.3 -f ~/fleet/base.yaml -f ~/fleet/north.yaml --set crew.captain=Ada > ~/fleet/next.yaml
