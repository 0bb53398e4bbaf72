set -e
kubectl -n roads expose deployment pilot --port=80 --type=NodePort
kubectl -n roads patch service pilot --type=json -p '[{"op": "replace", "path": "/spec/ports/0/nodePort", "value": 30444}]'
kubectl -n roads expose deployment convoy --port=80 --cluster-ip=None
kubectl create namespace harbour
kubectl -n harbour create service externalname pilot --external-name pilot.roads.svc.cluster.local
