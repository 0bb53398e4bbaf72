set -e
kubectl -n harbour-charts rollout status deployment charts --timeout=60s
cd ~/harbour
cat >> Chart.yaml << 'YAML'
dependencies:
  - { name: boat, alias: tug, version: ~1.2.0, repository: 'http://controlplane:30080' }
  - { name: boat, alias: lifeboat, version: ~1.2.0, repository: 'http://controlplane:30080' }
  - { name: crane, version: 0.5.0, repository: 'http://controlplane:30080', condition: crane.enabled }
YAML
cat > values.yaml << 'YAML'
global:
  port: Hamburg
tug:
  cargo: rope
lifeboat:
  cargo: blankets
crane:
  enabled: true
  tons: 40
YAML
helm dependency update .
helm install harbour . --namespace harbour --wait --timeout 60s
