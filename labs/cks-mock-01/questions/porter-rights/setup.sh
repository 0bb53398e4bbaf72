set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: lodge }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: porter, namespace: lodge }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: concierge, namespace: lodge }
---
apiVersion: v1
kind: Secret
metadata:
  name: porter-legacy-token
  namespace: lodge
  annotations: { kubernetes.io/service-account.name: porter }
type: kubernetes.io/service-account-token
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: house-staff }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
subjects:
  - { kind: ServiceAccount, name: concierge, namespace: lodge }
  - { kind: ServiceAccount, name: porter, namespace: lodge }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: luggage, namespace: lodge }
rules:
  - { apiGroups: ['*'], resources: ['*'], verbs: ['*'] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: luggage, namespace: lodge }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: luggage }
subjects:
  - { kind: ServiceAccount, name: porter, namespace: lodge }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: notice-board, namespace: lodge }
rules:
  - { apiGroups: [''], resources: [configmaps], verbs: [get, list] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: notice-board, namespace: lodge }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: notice-board }
subjects:
  - { apiGroup: rbac.authorization.k8s.io, kind: User, name: 'system:anonymous' }
  - { kind: ServiceAccount, name: concierge, namespace: lodge }
YAML
# The check tries the token that leaked: a copy of it is kept where the candidate would have no reason to look.
for ((i = 0; i < 20; i++)); do
  token=$(kubectl -n lodge get secret porter-legacy-token -o jsonpath='{.data.token}' | base64 -d)
  [ -z "$token" ] || break
  sleep 0.3
done
[ -n "$token" ]
kubectl -n kube-system create secret generic ckx-porter-token --from-literal=token="$token" --dry-run=client -o yaml | kubectl apply -f - > /dev/null
