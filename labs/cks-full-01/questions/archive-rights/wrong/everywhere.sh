set -e
kubectl patch clusterrole archive-reader --type=json -p '[{"op": "replace", "path": "/rules/0/resources", "value": ["configmaps"]}, {"op": "replace", "path": "/rules/0/verbs", "value": ["get", "list"]}]'
kubectl apply -f - << 'YAML'
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: indexer, namespace: archive }
rules:
  - { apiGroups: [''], resources: [pods], verbs: [get, list] }
  - { apiGroups: [''], resources: [configmaps], verbs: [create, delete] }
  - { apiGroups: [rbac.authorization.k8s.io], resources: [roles, rolebindings], verbs: [get, list] }
YAML
kubectl label clusterrole catalogue-extras rbac.authorization.k8s.io/aggregate-to-view-
