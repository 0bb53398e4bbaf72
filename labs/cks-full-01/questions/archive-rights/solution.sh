set -e
kubectl delete clusterrolebinding archive-reader
kubectl delete clusterrole archive-reader
kubectl -n archive create role clerks --verb=get,list --resource=configmaps
kubectl -n archive create rolebinding clerks --role=clerks --group=clerks
kubectl apply -f - << 'YAML'
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: indexer, namespace: archive }
rules:
  - { apiGroups: [''], resources: [pods], verbs: [get, list] }
  - { apiGroups: [''], resources: [configmaps], verbs: [create, delete] }
  - { apiGroups: [rbac.authorization.k8s.io], resources: [roles, rolebindings], verbs: [get, list] }
YAML
kubectl get clusterroles -l rbac.authorization.k8s.io/aggregate-to-view=true
kubectl delete clusterrole catalogue-extras
