set -e
kubectl -n harbour-charts rollout status deployment charts --timeout=60s
cd ~/harbour
mkdir -p charts
helm pull boat --repo http://controlplane:30080 --version 1.2.3 --destination charts
helm pull crane --repo http://controlplane:30080 --version 0.5.0 --destination charts
printf 'global: { port: Hamburg }\nboat: { cargo: rope }\ncrane: { enabled: true, tons: 40 }\n' > values.yaml
helm install harbour . --namespace harbour --wait --timeout 60s
