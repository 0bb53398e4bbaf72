set -e
kubectl -n harbour-charts rollout status deployment charts --timeout=60s
cd ~/harbour
cat >> Chart.yaml << 'YAML'
dependencies:
  - { name: boat, alias: tug, version: ~1.2.0, repository: 'http://controlplane:30080' }
  - { name: boat, alias: lifeboat, version: ~1.2.0, repository: 'http://controlplane:30080' }
  - { name: crane, version: 0.5.0, repository: 'http://controlplane:30080' }
YAML
printf 'tug: { cargo: rope }\nlifeboat: { cargo: blankets }\ncrane: { tons: 40, port: Hamburg }\n' > values.yaml
helm dependency update .
helm install harbour . --namespace harbour --wait --timeout 60s
