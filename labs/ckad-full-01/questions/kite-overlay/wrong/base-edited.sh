set -e
cd ~/kites
sed -i 's/speed=20/speed=90/' base/kustomization.yaml
sed -i 's/replicas: 1/replicas: 3/; s/nginx:1.27/nginx:1.28/' base/kite.yaml
mkdir -p storm
cat > storm/kustomization.yaml << 'YAML'
namespace: storm
namePrefix: storm-
resources:
  - ../base
YAML
kubectl create namespace storm
kubectl apply -k storm
kubectl -n storm rollout status deployment storm-kite --timeout=80s
