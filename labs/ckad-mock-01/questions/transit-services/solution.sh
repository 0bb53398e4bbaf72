set -e
kubectl -n transit patch service timetable --type=merge -p '{"spec": {"selector": {"app": "timetable"}}}'
kubectl -n transit patch service timetable --type=json -p '[{"op": "replace", "path": "/spec/ports/0/targetPort", "value": 8080}]'
kubectl apply -f - << 'YAML'
apiVersion: v1
kind: Service
metadata:
  name: tickets-public
  namespace: transit
spec:
  type: NodePort
  selector: { app: tickets }
  ports:
    - { port: 8080, targetPort: 80, nodePort: 30081 }
---
apiVersion: v1
kind: Service
metadata:
  name: tickets-peers
  namespace: transit
spec:
  clusterIP: None
  selector: { app: tickets }
  ports:
    - { port: 80 }
YAML
kubectl -n transit rollout status deployment tickets --timeout=60s
kubectl -n transit rollout status deployment timetable --timeout=60s
