set -e
kubectl delete clusterrolebinding house-staff
kubectl -n lodge delete rolebinding luggage
kubectl -n lodge create rolebinding porter --clusterrole=view --serviceaccount=lodge:porter
kubectl -n lodge delete secret porter-legacy-token
