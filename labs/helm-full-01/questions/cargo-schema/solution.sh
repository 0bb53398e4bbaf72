set -e
cd ~/cargo
cat > values.schema.json << 'JSON'
{
  "type": "object",
  "required": ["consignee"],
  "additionalProperties": false,
  "properties": {
    "consignee": { "type": "string", "minLength": 1 },
    "crates": { "type": "integer", "minimum": 1, "maximum": 500 },
    "class": { "enum": ["dry", "cold", "dangerous"] },
    "global": { "type": "object" }
  }
}
JSON
cat > templates/NOTES.txt << 'TXT'
{{ .Values.crates }} crates for {{ .Values.consignee }} ({{ .Values.class }})
{{- if eq .Values.class "dangerous" }}
CAREFUL: keep away from fire.
{{- end }}
TXT
helm install cargo . --namespace docks --set consignee=Olsen,crates=12,class=cold
