set -e
kubectl -n bakery set image deployment/oven oven=nginx:1.27
kubectl -n bakery scale deployment oven --replicas=3
kubectl -n bakery rollout status deployment oven --timeout=60s
helm -n bakery get values oven --all -o yaml > ~/oven-first.yaml
