set -e
kubectl -n observatory set image deployment dome dome=nginx:1.27
kubectl -n observatory patch deployment camera -p '{"spec": {"template": {"spec": {"containers": [{"name": "camera", "command": ["sh", "-c", "echo exposing for 30 seconds; touch /tmp/open; sleep 100000"]}]}}}}'
kubectl -n observatory patch deployment tracker --type=json -p '[
  {"op": "remove", "path": "/spec/template/spec/nodeSelector"},
  {"op": "remove", "path": "/spec/template/spec/containers/0/resources"}]'
kubectl -n observatory set resources deployment tracker --requests=cpu=100m,memory=64Mi
for name in dome camera tracker; do kubectl -n observatory rollout status deployment "$name" --timeout=80s; done
