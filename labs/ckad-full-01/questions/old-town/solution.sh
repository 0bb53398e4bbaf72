set -e
address=$(cat ~/well-address.txt)
kubectl -n old-town create service externalname library --external-name library.new-town.svc.cluster.local
kubectl apply -f - << YAML
apiVersion: v1
kind: Service
metadata: { name: well, namespace: old-town }
spec:
  ports: [{ port: 80, targetPort: 8765 }]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: well-1
  namespace: old-town
  labels: { kubernetes.io/service-name: well }
addressType: IPv4
ports: [{ port: 8765, protocol: TCP }]
endpoints:
  - addresses: ["$address"]
---
apiVersion: v1
kind: Service
metadata: { name: choir, namespace: old-town }
spec:
  clusterIP: None
  selector: { app: choir }
  ports: [{ port: 80 }]
YAML
