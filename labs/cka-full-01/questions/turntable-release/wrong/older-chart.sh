set -e
helm install turntable ~/charts/turntable-2.0.0.tgz --namespace turntable --create-namespace --set definitions.install=false --wait --timeout 80s
mkdir -p ~/depot/valley
cat > ~/depot/valley/kustomization.yaml << 'YAML'
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: valley
resources:
  - ../base
replicas:
  - { name: depot, count: 2 }
configMapGenerator:
  - name: tracks
    behavior: merge
    literals:
      - gauge=narrow
YAML
kubectl create namespace valley
kubectl apply -k ~/depot/valley
kubectl -n valley rollout status deployment depot --timeout=80s
