set -e
kubectl cordon controlplane
kubectl -n ticketing patch deployment clerk --type=json -p '[{"op": "remove", "path": "/spec/template/spec/nodeSelector"}]'
kubectl -n ticketing rollout status deployment clerk --timeout=80s
