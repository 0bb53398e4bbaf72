set -e
helm -n harvest upgrade barn ~/charts/barn-0.3.0.tgz --set replicas=2,crop=oats --wait --timeout 60s
kubectl -n harvest delete deployment,service scarecrow --ignore-not-found
helm install silo ~/charts/barn-0.3.0.tgz -n harvest --set crop=rye --wait --timeout 60s
