set -euo pipefail
kubectl create configmap given --from-literal=text=hello -n "$CKX_NAMESPACE" --dry-run=client -o yaml | kubectl apply -f -
