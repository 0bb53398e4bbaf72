set -e
kubectl -n canal patch service lock -p '{"spec": {"selector": {"gate": "upper"}, "ports": [{"port": 80, "targetPort": "sluice"}]}}'
kubectl apply -f - << 'YAML'
apiVersion: v1
kind: Service
metadata: { name: ferry, namespace: canal }
spec:
  selector: { app: ferry }
  ports:
    - { name: passengers, port: 80, targetPort: 8080 }
    - { name: crew, port: 81, targetPort: 9090 }
---
apiVersion: v1
kind: Service
metadata: { name: pump-station, namespace: canal }
spec:
  type: NodePort
  selector: { app: pump }
  ports: [{ port: 80, nodePort: 30333 }]
YAML
