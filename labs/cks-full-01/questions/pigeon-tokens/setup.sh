set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: loft }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: everybody, namespace: loft }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit }
subjects:
  - { kind: ServiceAccount, name: default, namespace: loft }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: pigeon, namespace: loft }
spec:
  strategy: { type: Recreate }
  selector: { matchLabels: { app: pigeon } }
  template:
    metadata: { labels: { app: pigeon } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: pigeon
          image: busybox:1.36
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'while true; do if [ -s /var/run/loft/token ]; then echo "in the air with a letter"; else echo "no letter to carry"; fi; sleep 2; done']
YAML
