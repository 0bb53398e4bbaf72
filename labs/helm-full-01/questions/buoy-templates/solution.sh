set -e
cd ~/buoys
cat > templates/_helpers.tpl << 'YAML'
{{- define "buoys.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- with .Values.extraLabels }}
{{ toYaml . }}
{{- end }}
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
  colour: {{ .colour | default $.Values.defaults.colour | quote }}
  lit: {{ ternary "yes" "no" (default false .lit) | quote }}
  {{- with .depth }}
  depth: {{ . | quote }}
  {{- end }}
  sign: {{ tpl $.Values.sign $ | quote }}
{{- end }}
YAML
helm lint .
helm install bay . --namespace bay --set extraLabels.tide=high
