set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: archive }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: indexer, namespace: archive }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: auditor, namespace: archive }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: archive-reader }
rules:
  - { apiGroups: [''], resources: [configmaps, secrets], verbs: [get, list, watch] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: archive-reader }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: archive-reader }
subjects:
  - { apiGroup: rbac.authorization.k8s.io, kind: Group, name: clerks }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: indexer, namespace: archive }
rules:
  - { apiGroups: [''], resources: [pods, pods/exec, configmaps, serviceaccounts, serviceaccounts/token], verbs: [get, list, create, delete] }
  - { apiGroups: [rbac.authorization.k8s.io], resources: [roles, rolebindings], verbs: ['*'] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: indexer, namespace: archive }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: indexer }
subjects:
  - { kind: ServiceAccount, name: indexer, namespace: archive }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: catalogue-extras
  labels: { rbac.authorization.k8s.io/aggregate-to-view: 'true' }
rules:
  - { apiGroups: [''], resources: [secrets], verbs: [get, list, watch] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: auditor, namespace: archive }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects:
  - { kind: ServiceAccount, name: auditor, namespace: archive }
YAML
