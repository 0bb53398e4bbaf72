sleep 2
kubectl create configmap prepared
