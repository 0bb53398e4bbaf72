set -e
kubectl -n post patch service sorter --type=json -p '[
  {"op": "replace", "path": "/spec/selector", "value": {"app": "sorter"}},
  {"op": "replace", "path": "/spec/ports/0/targetPort", "value": 8088}]'
kubectl -n post patch networkpolicy counter-only --type=json -p '[{"op": "replace", "path": "/spec/ingress/0", "value": {"from": [{"podSelector": {}}], "ports": [{"port": 80}]}}]'
kubectl -n post delete endpointslice till-of-last-year
kubectl -n post set selector service till app=till
for name in sorter stamp till; do kubectl -n post rollout status deployment "$name" --timeout=80s; done
