set -e
kubectl -n kiosk rollout status deployment kiosk --timeout=80s
kubectl label namespace kiosk pod-security.kubernetes.io/enforce=restricted pod-security.kubernetes.io/enforce-version=v1.34
kubectl label namespace workshop pod-security.kubernetes.io/enforce=baseline pod-security.kubernetes.io/warn=restricted
