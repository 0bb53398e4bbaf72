set -e
kubectl taint node node02 crane=down:PreferNoSchedule
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
      tolerations: [{ operator: Exists }]
      containers:
        - name: watchman
          image: busybox:1.36
          command: [sleep, '1000000']
          resources: { requests: { cpu: 10m } }
YAML
kubectl label node node01 track=heavy
kubectl -n yard set resources deployment freight --requests=cpu=20m
kubectl -n yard patch deployment freight -p '{"spec": {"template": {"spec": {"nodeSelector": {"track": "heavy"}}}}}'
kubectl -n yard rollout status deployment freight --timeout=80s
kubectl -n yard rollout status daemonset watchman --timeout=80s
