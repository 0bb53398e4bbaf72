set -e
mkdir -p ~/kites/storm
cat > ~/kites/storm/kustomization.yaml << 'YAML'
namespace: storm
namePrefix: storm-
labels:
  - pairs: { weather: storm }
resources:
  - ../base
replicas:
  - { name: kite, count: 3 }
patches:
  - patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: kite }
      spec:
        template:
          spec:
            containers:
              - name: kite
                env: [{ name: speed, value: '100' }]
YAML
kubectl create namespace storm
kubectl apply -k ~/kites/storm
kubectl -n storm rollout status deployment storm-kite --timeout=80s
