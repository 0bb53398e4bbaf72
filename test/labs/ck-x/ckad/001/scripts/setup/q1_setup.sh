kubectl create namespace quarry --dry-run=client -o yaml | kubectl apply -f -
kubectl -n quarry create configmap stone --from-literal=weight=heavy --dry-run=client -o yaml | kubectl apply -f -
