set -e
kubectl -n canal patch service lock --type=json -p '[
  {"op": "replace", "path": "/spec/selector", "value": {"app": "lock"}},
  {"op": "replace", "path": "/spec/ports/0/targetPort", "value": "sluice"}]'
kubectl apply -f - << 'YAML'
apiVersion: v1
kind: Service
metadata: { name: ferry, namespace: canal }
spec:
  selector: { app: ferry }
  ports:
    - { name: passengers, port: 8080, targetPort: 80 }
    - { name: crew, port: 9090, targetPort: 81 }
---
apiVersion: v1
kind: Service
metadata: { name: pump-station, namespace: canal }
spec:
  type: NodePort
  selector: { app: pump }
  ports:
    - { port: 80, nodePort: 30333 }
YAML
