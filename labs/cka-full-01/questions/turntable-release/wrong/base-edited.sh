set -e
helm install turntable ~/charts/turntable-2.1.0.tgz --namespace turntable --create-namespace --set replicas=2,definitions.install=false --wait --timeout 80s
sed -i 's/gauge=standard/gauge=narrow/; $a namespace: valley' ~/depot/base/kustomization.yaml
sed -i 's/replicas: 1/replicas: 2/' ~/depot/base/depot.yaml
mkdir -p ~/depot/valley
printf 'resources: [../base]\n' > ~/depot/valley/kustomization.yaml
kubectl create namespace valley
kubectl apply -k ~/depot/valley
kubectl -n valley rollout status deployment depot --timeout=80s
