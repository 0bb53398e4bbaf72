set -e
kubectl -n roads create service nodeport pilot --tcp=80:80 --node-port=30444
kubectl -n roads expose deployment convoy --port=80
address=$(kubectl -n roads get service pilot -o jsonpath='{.spec.clusterIP}')
kubectl -n roads patch deployment convoy -p "{\"spec\": {\"template\": {\"spec\": {\"hostAliases\": [{\"ip\": \"$address\", \"hostnames\": [\"pilot.harbour.example\"]}]}}}}"
kubectl -n roads rollout status deployment convoy --timeout=80s
