set -e
kubectl -n tea-house patch deployment waiter -p '{"spec": {"template": {"metadata": {"labels": {"serves": "tea"}}}}}'
kubectl apply -f - << 'YAML'
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cellar, namespace: tea-house }
spec:
  podSelector: { matchLabels: { app: cellar } }
  policyTypes: [Ingress]
  ingress:
    - ports: [{ port: 80 }]
      from:
        - podSelector: { matchLabels: { app: kitchen } }
        - namespaceSelector: { matchLabels: { trade: tea } }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: guest, namespace: tea-house }
spec:
  podSelector: { matchLabels: { app: guest } }
  policyTypes: [Egress]
  egress:
    - to: [{ podSelector: { matchLabels: { app: salon } } }]
      ports: [{ port: 80 }]
    - to:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }
          podSelector: { matchLabels: { k8s-app: kube-dns } }
      ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }]
YAML
kubectl -n tea-house rollout status deployment waiter --timeout=80s
