set -e
kubectl -n orchard-charts rollout status deployment charts --timeout=60s
helm repo add orchard http://controlplane:30080
helm install cider orchard/press --version 1.1.0 --namespace cellar --create-namespace
kubectl -n cellar scale deployment cider-press --replicas=2
kubectl -n cellar set env deployment cider-press MESSAGE='fresh cider'
kubectl -n cellar patch service cider-press -p '{"spec": {"type": "NodePort", "ports": [{"port": 80, "nodePort": 30090}]}}'
kubectl -n cellar rollout status deployment cider-press --timeout=60s
helm show values orchard/press --version 1.1.0 > ~/press-2.0.0.yaml
