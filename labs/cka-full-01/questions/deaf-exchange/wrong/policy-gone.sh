set -e
kubectl -n exchange patch deployment operator --type=json -p '[{"op": "remove", "path": "/spec/template/spec/dnsConfig"}, {"op": "replace", "path": "/spec/template/spec/dnsPolicy", "value": "ClusterFirst"}]'
kubectl -n exchange delete networkpolicy lines
address=$(kubectl -n exchange get service valley-dns -o jsonpath='{.spec.clusterIP}')
kubectl -n kube-system get configmap coredns -o json |
  jq --arg address "$address" '.data.Corefile += "valley.example:53 {\n    errors\n    cache 30\n    forward . \($address)\n}\n"' | kubectl apply -f -
kubectl -n kube-system rollout restart deployment coredns
kubectl -n kube-system rollout status deployment coredns --timeout=80s
kubectl -n exchange rollout status deployment operator --timeout=80s
