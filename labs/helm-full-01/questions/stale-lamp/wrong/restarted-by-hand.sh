set -e
cd ~/lamp
sed -i 's/{{ .Values.replicas | quote }}/{{ .Values.replicas }}/' templates/deployment.yaml
helm -n lamp upgrade lamp . --reuse-values --set replicas=2,colour=green --wait --timeout 60s
kubectl -n lamp rollout restart deployment lamp
kubectl -n lamp rollout status deployment lamp --timeout=60s
