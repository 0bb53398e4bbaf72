{{- define "mill.selector" -}}
app.kubernetes.io/name: mill
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
