set -e
kubectl -n post patch service sorter --type=json -p '[
  {"op": "replace", "path": "/spec/selector", "value": {"app": "sorter"}},
  {"op": "replace", "path": "/spec/ports/0/targetPort", "value": 8088}]'
kubectl -n post delete networkpolicy counter-only
kubectl -n post patch service till -p '{"spec": {"selector": {"app": "till"}}}'
for name in sorter stamp till; do kubectl -n post rollout status deployment "$name" --timeout=80s; done
