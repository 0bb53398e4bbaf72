set -e
kubectl cordon controlplane
kubectl -n ticketing patch deployment clerk --type=json -p '[{"op": "remove", "path": "/spec/template/spec/nodeSelector"}]'
kubectl -n ticketing rollout status deployment clerk --timeout=80s
kubectl drain controlplane --ignore-daemonsets --delete-emptydir-data --force --timeout=90s
kubectl -n kube-system rollout status deployment coredns --timeout=80s
