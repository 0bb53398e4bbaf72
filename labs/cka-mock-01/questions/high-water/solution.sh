set -e
kubectl create priorityclass high-water --value=500000
kubectl label node controlplane ground=low
kubectl -n dyke patch deployment pumps -p '{"spec": {"template": {"spec": {"priorityClassName": "high-water", "nodeSelector": {"ground": "low"}}}}}'
kubectl apply -f - << 'YAML'
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: gauge, namespace: dyke }
spec:
  selector: { matchLabels: { app: gauge } }
  template:
    metadata: { labels: { app: gauge } }
    spec:
      terminationGracePeriodSeconds: 1
      tolerations: [{ operator: Exists }]
      containers:
        - name: gauge
          image: busybox:1.36
          command: [sleep, '1000000']
          resources: { requests: { cpu: 10m, memory: 16Mi } }
YAML
kubectl -n dyke rollout status deployment pumps --timeout=80s
kubectl -n dyke rollout status daemonset gauge --timeout=80s
