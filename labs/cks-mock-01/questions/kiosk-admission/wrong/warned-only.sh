set -e
kubectl label namespace kiosk pod-security.kubernetes.io/warn=restricted pod-security.kubernetes.io/audit=restricted
kubectl label namespace workshop pod-security.kubernetes.io/enforce=restricted
kubectl -n kiosk patch deployment kiosk --type=json -p '[{"op": "remove", "path": "/spec/template/spec/hostPID"}]'
kubectl -n kiosk rollout status deployment kiosk --timeout=80s
