set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: vault }
---
apiVersion: v1
kind: Secret
metadata: { name: combination, namespace: vault }
stringData: { code: left-7-right-19-left-4 }
---
apiVersion: v1
kind: Secret
metadata: { name: deed, namespace: vault }
stringData: { owner: the widow of the miller }
YAML
