set -e
here=${BASH_SOURCE[0]%/*}
. "$here/../../node.sh"
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: coast }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: siren, namespace: coast }
spec:
  replicas: 2
  selector: { matchLabels: { app: siren } }
  template:
    metadata: { labels: { app: siren } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: siren
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          command: [sh, -c, '[ "$CODE" = fog ] || { echo "the code word is wrong"; exit 3; }; echo siren > /usr/share/nginx/html/index.html; exec nginx -g "daemon off;"']
          env:
            - name: CODE
              valueFrom: { secretKeyRef: { name: siren-code, key: word } }
          readinessProbe: { httpGet: { path: /, port: 80 }, periodSeconds: 2 }
---
apiVersion: v1
kind: Service
metadata: { name: siren, namespace: coast }
spec:
  selector: { app: sirens }
  ports: [{ port: 80, targetPort: 8080 }]
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: keeper-book, namespace: coast }
spec:
  storageClassName: local-paths
  accessModes: [ReadWriteOnce]
  resources: { requests: { storage: 50Mi } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: keeper, namespace: coast }
spec:
  strategy: { type: Recreate }
  selector: { matchLabels: { app: keeper } }
  template:
    metadata: { labels: { app: keeper } }
    spec:
      terminationGracePeriodSeconds: 1
      volumes: [{ name: book, persistentVolumeClaim: { claimName: keeper-book } }]
      containers:
        - name: keeper
          image: busybox:1.36
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'while true; do date > /book/last; sleep 1; done']
          volumeMounts: [{ name: book, mountPath: /book }]
YAML
on_node 'cat > /etc/kubernetes/manifests/beacon.yaml' < "$here/beacon.yaml"
