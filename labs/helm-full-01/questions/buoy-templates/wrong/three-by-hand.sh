set -e
cd ~/buoys
for buoy in 'north red 12 yes' 'south yellow - no' 'shoal green three_fathoms no'; do
  read -r name colour depth lit <<< "$buoy"
  cat > "templates/$name.yaml" << YAML
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-$name
  labels:
    app.kubernetes.io/name: buoys
    app.kubernetes.io/instance: {{ .Release.Name }}
    {{- with .Values.extraLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
data:
  colour: $colour
  lit: "$lit"
  sign: {{ .Release.Name }} harbour
YAML
  [ "$depth" = - ] || echo "  depth: \"${depth/_/ }\"" >> "templates/$name.yaml"
done
helm install bay . --namespace bay --set extraLabels.tide=high
