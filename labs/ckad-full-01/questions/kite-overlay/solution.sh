set -e
mkdir -p ~/kites/storm
cat > ~/kites/storm/kustomization.yaml << 'YAML'
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: storm
namePrefix: storm-
labels:
  - pairs: { weather: storm }
resources:
  - ../base
replicas:
  - { name: kite, count: 3 }
images:
  - { name: nginx, newTag: '1.28' }
configMapGenerator:
  - name: wind
    behavior: merge
    literals:
      - speed=90
YAML
kubectl create namespace storm
kubectl apply -k ~/kites/storm
kubectl -n storm rollout status deployment storm-kite --timeout=80s
