set -e
here=${BASH_SOURCE[0]%/*}
. "$here/../../node.sh"
on_node controlplane 'cat > /etc/kubernetes/night-scheduler.conf' < "$here/night-scheduler.conf"
on_node controlplane 'cat > /etc/kubernetes/manifests/night-scheduler.yaml' < "$here/night-scheduler.yaml"
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: night-shift }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: watch, namespace: night-shift }
spec:
  selector: { matchLabels: { app: watch } }
  template:
    metadata: { labels: { app: watch } }
    spec:
      schedulerName: night-scheduler
      terminationGracePeriodSeconds: 1
      containers:
        - name: watch
          image: busybox:1.36
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'while true; do sleep 1; done']
YAML
