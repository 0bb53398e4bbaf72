set -e
kubectl -n granary patch resourcequota store -p '{"spec": {"hard": {"requests.cpu": "2", "limits.cpu": "4"}}}'
kubectl -n granary set resources deployment bins --requests=cpu=300m,memory=64Mi --limits=cpu=600m,memory=128Mi
kubectl apply -f - << 'YAML'
apiVersion: v1
kind: LimitRange
metadata: { name: bin-sizes, namespace: granary }
spec:
  limits:
    - type: Container
      defaultRequest: { cpu: 50m, memory: 32Mi }
      default: { cpu: 100m, memory: 64Mi }
YAML
kubectl -n granary create quota objects --hard=count/configmaps=5,count/services=2,services.nodeports=0
kubectl -n granary rollout status deployment bins --timeout=80s
