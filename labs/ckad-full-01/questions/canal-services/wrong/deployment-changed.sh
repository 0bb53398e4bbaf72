set -e
kubectl -n canal patch deployment lock -p '{"spec": {"template": {"metadata": {"labels": {"gate": "lower"}}}}}'
kubectl -n canal patch service lock --type=json -p '[{"op": "replace", "path": "/spec/ports/0/targetPort", "value": "sluice"}]'
kubectl -n canal expose deployment ferry --port=8080 --target-port=80
kubectl -n canal expose deployment pump --name=pump-station --type=NodePort --port=80
kubectl -n canal rollout status deployment lock --timeout=80s
