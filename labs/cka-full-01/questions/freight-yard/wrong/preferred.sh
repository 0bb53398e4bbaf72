set -e
kubectl taint node node02 crane=down:NoSchedule
kubectl apply -f - << 'YAML'
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: watchman, namespace: yard }
spec:
  selector: { matchLabels: { app: watchman } }
  template:
    metadata: { labels: { app: watchman } }
    spec:
      terminationGracePeriodSeconds: 1
      tolerations: [{ key: node-role.kubernetes.io/control-plane, operator: Exists }, { key: crane, operator: Exists }]
      containers:
        - name: watchman
          image: busybox:1.36
          command: [sleep, '1000000']
          resources: { requests: { cpu: 10m } }
YAML
kubectl label node node01 track=heavy
kubectl -n yard set resources deployment freight --requests=cpu=20m
kubectl -n yard patch deployment freight -p '{"spec": {"template": {"spec": {"affinity": {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 100, "preference": {"matchExpressions": [{"key": "track", "operator": "In", "values": ["heavy"]}]}}]}}}}}}'
kubectl apply -f - << 'YAML'
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: freight, namespace: yard }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: freight }
  minReplicas: 2
  maxReplicas: 5
  metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 60 } } }]
YAML
kubectl -n yard rollout status deployment freight --timeout=80s
