set -e
kubectl apply -f - << 'YAML'
apiVersion: v1
kind: Pod
metadata: { name: lamp-node01, namespace: lamp-house, labels: { app: lamp } }
spec:
  terminationGracePeriodSeconds: 1
  nodeName: node01
  containers:
    - name: lamp
      image: nginx:1.27
      ports: [{ containerPort: 80 }]
YAML
kubectl -n lamp-house rollout undo deployment lens --to-revision=1
kubectl -n lamp-house patch deployment lens -p '{"spec": {"replicas": 2, "strategy": {"rollingUpdate": {"maxUnavailable": "0%", "maxSurge": 1}}}}'
kubectl -n lamp-house rollout status deployment lens --timeout=80s
until kubectl -n lamp-house get pod lamp-node01 2> /dev/null | grep '1/1'; do sleep 1; done
