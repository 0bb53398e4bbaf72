set -e
cd ~/mill
sed -i 's/"mill.selectors"/"mill.selector"/; s/\.Values\.image\.name/.Values.image.repository/' templates/deployment.yaml
sed -i 's/value: {{ .Values.grain }}/value: {{ required "grain is required" .Values.grain | quote }}/' templates/deployment.yaml
cat > templates/service.yaml << 'YAML'
apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}-mill
spec:
  selector:
    {{- include "mill.selector" . | nindent 4 }}
  ports:
    - name: http
      port: 80
      targetPort: http
YAML
cat > templates/flour.yaml << 'YAML'
{{- if .Values.flour.enabled }}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-flour
data:
  {{- range $name, $value := .Values.flour.settings }}
  {{ $name }}: {{ $value | quote }}
  {{- end }}
{{- end }}
YAML
sed -i 's/^version: .*/version: 0.2.0/' Chart.yaml
helm lint . --set grain=spelt
helm package . --destination ~/packages
helm install mill ~/packages/mill-0.2.0.tgz --namespace mill --set grain=spelt --wait --timeout 60s
