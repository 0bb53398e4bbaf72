set -e
kubectl get rolebindings,clusterrolebindings -A -o wide | grep -E 'porter|anonymous'
kubectl patch clusterrolebinding house-staff --type=json -p '[{"op": "remove", "path": "/subjects/1"}]'
kubectl -n lodge delete rolebinding luggage
kubectl -n lodge delete role luggage
kubectl -n lodge create role porter --verb=get,list --resource=pods,services
kubectl -n lodge create rolebinding porter --role=porter --serviceaccount=lodge:porter
kubectl -n lodge patch rolebinding notice-board --type=json -p '[{"op": "remove", "path": "/subjects/0"}]'
kubectl -n lodge delete secret porter-legacy-token
