set -e
kubectl -n orchard-charts rollout status deployment charts --timeout=60s
helm repo add orchard http://controlplane:30080
helm install cider orchard/press --namespace cellar --create-namespace --wait --timeout 60s \
  --set replicas=2 --set message='fresh cider' --set service.type=NodePort --set service.nodePort=30090
helm show values orchard/press > ~/press-2.0.0.yaml
