set -e
kubectl apply -f - << 'YAML'
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: waiter, namespace: tea-house }
spec:
  podSelector: { matchLabels: { app: kitchen } }
  ingress: [{ from: [{ podSelector: { matchLabels: { app: waiter } } }], ports: [{ port: 80 }] }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cellar, namespace: tea-house }
spec:
  podSelector: { matchLabels: { app: cellar } }
  ingress: [{ from: [{ podSelector: {} }, { namespaceSelector: { matchLabels: { trade: tea } } }], ports: [{ port: 80 }] }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: guest, namespace: tea-house }
spec:
  podSelector: { matchLabels: { app: guest } }
  policyTypes: [Egress]
  egress:
    - { to: [{ podSelector: { matchLabels: { app: salon } } }], ports: [{ port: 80 }] }
    - to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }, podSelector: { matchLabels: { k8s-app: kube-dns } } }]
      ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }]
YAML
