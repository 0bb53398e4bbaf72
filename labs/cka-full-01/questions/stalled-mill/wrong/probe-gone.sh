set -e
kubectl -n mill set image deployment wheel wheel=nginx:1.28
kubectl -n mill set resources deployment grinder --requests=cpu=50m
kubectl -n mill patch deployment sack --type=json -p '[{"op": "remove", "path": "/spec/template/spec/containers/0/readinessProbe"}]'
for name in wheel grinder sack; do kubectl -n mill rollout status deployment "$name" --timeout=80s; done
