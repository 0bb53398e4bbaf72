set -e
kubectl apply -f - << 'YAML'
apiVersion: v1
kind: LimitRange
metadata: { name: bin-sizes, namespace: granary }
spec:
  limits:
    - type: Container
      defaultRequest: { cpu: 50m, memory: 32Mi }
      default: { cpu: 100m, memory: 64Mi }
      max: { cpu: 400m, memory: 256Mi }
YAML
kubectl -n granary set resources deployment bins --requests=cpu=100m,memory=64Mi
kubectl -n granary create quota objects --hard=secrets=5,services=2
kubectl -n granary rollout status deployment bins --timeout=80s
