set -e
cd ~/cargo
cat > values.schema.json << 'JSON'
{
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "consignee": { "type": "string" },
    "crates": { "type": "integer", "minimum": 1, "exclusiveMaximum": 500 },
    "class": { "enum": ["dry", "cold", "dangerous"] }
  }
}
JSON
cat > templates/NOTES.txt << 'TXT'
Thank you.
{{ .Values.crates }} crates for {{ .Values.consignee }} ({{ .Values.class }})
{{ if eq .Values.class "dangerous" }}CAREFUL{{ end }}
TXT
helm install cargo . --namespace docks --set consignee=Olsen,crates=12,class=cold
