set -e
kubectl -n post patch service sorter -p '{"spec": {"selector": {"app": "sorter"}}}'
kubectl label namespace post name=post
kubectl -n post patch networkpolicy counter-only --type=json -p '[{"op": "replace", "path": "/spec/ingress/0/ports/0/port", "value": 80}]'
kubectl -n post delete service till
kubectl -n post delete endpointslice till-of-last-year --ignore-not-found
kubectl -n post expose deployment till --port=80
for name in sorter stamp till; do kubectl -n post rollout status deployment "$name" --timeout=80s; done
