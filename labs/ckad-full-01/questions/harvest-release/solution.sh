set -e
helm -n harvest list --all
helm -n harvest upgrade barn ~/charts/barn-0.3.0.tgz --reuse-values --set replicas=2 --wait --timeout 60s
helm -n harvest uninstall scarecrow
helm install silo ~/charts/barn-0.3.0.tgz --namespace harvest-silo --create-namespace --set crop=rye --wait --timeout 60s
