set -e
kubectl patch clusterrolebinding house-staff --type=json -p '[{"op": "remove", "path": "/subjects/1"}]'
kubectl -n lodge create role porter --verb=get,list --resource=pods,services
kubectl -n lodge create rolebinding porter --role=porter --serviceaccount=lodge:porter
kubectl -n lodge delete rolebinding notice-board
kubectl -n lodge patch serviceaccount porter -p '{"secrets": [], "automountServiceAccountToken": false}'
