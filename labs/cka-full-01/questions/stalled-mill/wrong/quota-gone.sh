set -e
kubectl -n mill delete resourcequota mill
kubectl -n mill set image deployment wheel wheel=nginx:1.27
kubectl -n mill rollout restart deployment grinder
kubectl -n mill patch deployment sack --type=json -p '[{"op": "replace", "path": "/spec/template/spec/containers/0/readinessProbe", "value": {"tcpSocket": {"port": 80}}}]'
for name in wheel grinder sack; do kubectl -n mill rollout status deployment "$name" --timeout=80s; done
