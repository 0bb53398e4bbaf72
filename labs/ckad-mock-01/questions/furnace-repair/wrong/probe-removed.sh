set -e
kubectl -n foundry patch deployment furnace --type=json -p '[
  {"op": "replace", "path": "/spec/template/spec/containers/0/env/0/valueFrom/configMapKeyRef/key", "value": "furnace.temperature"},
  {"op": "remove", "path": "/spec/template/spec/containers/0/readinessProbe"}]'
kubectl -n foundry rollout status deployment furnace --timeout=60s
