set -e
helm -n tug rollback tug 2 --wait --timeout 60s
kubectl -n tug set env deployment tug SAYS='Hercules pulls 900'
kubectl -n tug rollout status deployment tug --timeout=60s
