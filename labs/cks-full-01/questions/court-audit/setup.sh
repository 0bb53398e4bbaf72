set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: court }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: roll, namespace: court }
data: { judge: portia }
---
apiVersion: v1
kind: Secret
metadata: { name: verdict, namespace: court }
stringData: { text: not before noon }
YAML
