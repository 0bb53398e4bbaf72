set -e
address=$(kubectl -n new-town get service library -o jsonpath='{.spec.clusterIP}')
well=$(cat ~/well-address.txt)
kubectl apply -f - << YAML
apiVersion: v1
kind: Service
metadata: { name: library, namespace: old-town }
spec: { type: ExternalName, externalName: "$address" }
---
apiVersion: v1
kind: Service
metadata: { name: well, namespace: old-town }
spec:
  ports: [{ port: 80, targetPort: 8765 }]
---
apiVersion: v1
kind: Endpoints
metadata: { name: well, namespace: old-town }
subsets:
  - addresses: [{ ip: "$well" }]
    ports: [{ port: 8765 }]
---
apiVersion: v1
kind: Service
metadata: { name: choir, namespace: old-town }
spec:
  selector: { app: choir }
  ports: [{ port: 80 }]
YAML
