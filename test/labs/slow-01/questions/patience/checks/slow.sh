sleep 8
kubectl get configmap prepared
