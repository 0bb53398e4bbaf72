set -e
kubectl -n parcels patch deployment counter -p '{"spec": {"template": {"spec": {"containers": [{"name": "web", "ports": [{"name": "desk", "containerPort": 8081}]}]}}}}'
first=$(kubectl get node controlplane -o jsonpath='{.status.addresses[?(@.type=="InternalIP")].address}')
second=$(kubectl get node node01 -o jsonpath='{.status.addresses[?(@.type=="InternalIP")].address}')
kubectl apply -f - << YAML
apiVersion: v1
kind: Service
metadata: { name: counter, namespace: parcels }
spec:
  type: NodePort
  selector: { app: counter }
  sessionAffinity: ClientIP
  ports: [{ port: 80, targetPort: desk, nodePort: 30777 }]
---
apiVersion: v1
kind: Service
metadata: { name: proxies, namespace: parcels }
spec:
  ports: [{ name: health, port: 80, targetPort: 10256 }]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: proxies-1
  namespace: parcels
  labels: { kubernetes.io/service-name: proxies }
addressType: IPv4
ports: [{ name: health, port: 10256, protocol: TCP }]
endpoints:
  - addresses: ["$first"]
  - addresses: ["$second"]
YAML
kubectl -n parcels rollout status deployment counter --timeout=80s
