set -e
kubectl apply -f - << 'YAML'
apiVersion: v1
kind: Service
metadata: { name: pilot, namespace: roads }
spec:
  type: NodePort
  selector: { app: pilot }
  ports: [{ port: 80, nodePort: 30444 }]
---
apiVersion: v1
kind: Service
metadata: { name: convoy, namespace: roads }
spec:
  clusterIP: None
  selector: { app: convoy }
  ports: [{ port: 80 }]
YAML
kubectl -n kube-system get configmap coredns -o json |
  jq '.data.Corefile |= sub("(?<at>\n *)kubernetes cluster"; "\(.at)rewrite name exact pilot.harbour.example pilot.roads.svc.cluster.local\(.at)kubernetes cluster")' |
  kubectl apply -f -
kubectl -n kube-system rollout restart deployment coredns
kubectl -n kube-system rollout status deployment coredns --timeout=80s
