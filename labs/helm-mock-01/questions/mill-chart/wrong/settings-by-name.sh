set -e
cd ~/mill
sed -i 's/"mill.selectors"/"mill.selector"/; s/\.Values\.image\.name/.Values.image.repository/' templates/deployment.yaml
sed -i 's/value: {{ .Values.grain }}/value: {{ required "grain is required" .Values.grain | quote }}/' templates/deployment.yaml
sed -i 's|kubernetes.io/name: .*|kubernetes.io/name: {{ .Chart.Name }}|; s/instance: {{ .Chart.Name }}$/instance: {{ .Release.Name }}/' templates/service.yaml
cat > templates/flour.yaml << 'YAML'
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-flour
data:
  fineness: {{ .Values.flour.settings.fineness | quote }}
YAML
sed -i 's/^version: .*/version: 0.2.0/' Chart.yaml
helm package . --destination ~/packages
helm install mill ~/packages/mill-0.2.0.tgz --namespace mill --set grain=spelt --wait --timeout 60s
