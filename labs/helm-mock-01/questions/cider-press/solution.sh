set -e
kubectl -n orchard-charts rollout status deployment charts --timeout=60s
helm repo add orchard http://controlplane:30080
helm search repo orchard/press --versions
helm show values orchard/press --version 1.1.0
helm install cider orchard/press --version 1.1.0 --namespace cellar --create-namespace --wait --timeout 60s \
  --set replicas=2 --set message='fresh cider' --set service.type=NodePort --set service.nodePort=30090
helm show values orchard/press --version 2.0.0 > ~/press-2.0.0.yaml
