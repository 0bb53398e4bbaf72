set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: ticketing }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: clerk, namespace: ticketing }
spec:
  minAvailable: 2
  selector: { matchLabels: { app: clerk } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: clerk, namespace: ticketing }
spec:
  replicas: 2
  selector: { matchLabels: { app: clerk } }
  template:
    metadata: { labels: { app: clerk } }
    spec:
      terminationGracePeriodSeconds: 1
      nodeSelector: { kubernetes.io/hostname: controlplane }
      tolerations: [{ key: node-role.kubernetes.io/control-plane, operator: Exists, effect: NoSchedule }]
      containers:
        - name: clerk
          image: busybox:1.36
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'while true; do sleep 1; done']
---
apiVersion: v1
kind: Pod
metadata: { name: leaflet, namespace: ticketing }
spec:
  terminationGracePeriodSeconds: 1
  nodeSelector: { kubernetes.io/hostname: controlplane }
  tolerations: [{ key: node-role.kubernetes.io/control-plane, operator: Exists, effect: NoSchedule }]
  containers:
    - name: leaflet
      image: registry.k8s.io/pause:3.10.1
      imagePullPolicy: IfNotPresent
YAML
