set -e
cd ~/buoys
cat > templates/_helpers.tpl << 'YAML'
{{- define "buoys.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
YAML
cat > templates/buoys.yaml << 'YAML'
{{- range .Values.buoys }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ $.Release.Name }}-{{ .name }}
  labels:
    {{- include "buoys.labels" $ | nindent 4 }}
data:
  colour: {{ .colour | quote }}
  lit: {{ if .lit }}"yes"{{ else }}"no"{{ end }}
  depth: {{ .depth | quote }}
  sign: {{ $.Values.sign | quote }}
{{- end }}
YAML
helm lint .
