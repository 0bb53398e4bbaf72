set -e
kubectl apply -f - << 'YAML'
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: carriages }
spec:
  podSelector: {}
  policyTypes: [Ingress]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: conductor, namespace: carriages }
spec:
  podSelector: { matchLabels: { app: conductor } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { app: passenger } } }]
      ports: [{ port: 80 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: buffet, namespace: carriages }
spec:
  podSelector: { matchLabels: { app: buffet } }
  policyTypes: [Ingress]
  ingress:
    - ports: [{ port: 80 }]
      from:
        - podSelector: { matchLabels: { role: conductor } }
        - namespaceSelector: { matchLabels: { side: north } }
          podSelector: { matchLabels: { uniform: porter } }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: passenger, namespace: carriages }
spec:
  podSelector: { matchLabels: { app: passenger } }
  policyTypes: [Egress]
  egress:
    - to: [{ podSelector: { matchLabels: { app: conductor } } }]
      ports: [{ port: 80 }]
    - to:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }
          podSelector: { matchLabels: { k8s-app: kube-dns } }
      ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }]
YAML
