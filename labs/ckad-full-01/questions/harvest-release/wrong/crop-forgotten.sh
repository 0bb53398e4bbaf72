set -e
helm -n harvest upgrade barn ~/charts/barn-0.3.0.tgz --set replicas=2 --wait --timeout 60s
helm -n harvest uninstall scarecrow
kubectl create namespace harvest-silo
helm install silo ~/charts/barn-0.3.0.tgz -n harvest-silo --set crop=rye --wait --timeout 60s
