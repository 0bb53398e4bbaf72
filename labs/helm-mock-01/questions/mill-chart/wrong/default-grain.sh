set -e
cd ~/mill
sed -i 's/"mill.selectors"/"mill.selector"/; s/\.Values\.image\.name/.Values.image.repository/' templates/deployment.yaml
sed -i 's/value: {{ .Values.grain }}/value: {{ .Values.grain | default "spelt" }}/' templates/deployment.yaml
sed -i 's|kubernetes.io/name: .*|kubernetes.io/name: {{ .Chart.Name }}|; s/instance: {{ .Chart.Name }}$/instance: {{ .Release.Name }}/' templates/service.yaml
cat > templates/flour.yaml << 'YAML'
{{- if .Values.flour.enabled }}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-flour
data:
  {{- toYaml .Values.flour.settings | nindent 2 }}
{{- end }}
YAML
helm install mill . --namespace mill --wait --timeout 60s
helm package . --destination ~/packages
