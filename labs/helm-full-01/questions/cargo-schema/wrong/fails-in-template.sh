set -e
cd ~/cargo
cat >> templates/_check.tpl << 'TXT'
{{- define "cargo.check" -}}
{{- $_ := required "a consignee is needed" .Values.consignee -}}
{{- if or (lt (int .Values.crates) 1) (gt (int .Values.crates) 500) }}{{ fail "crates" }}{{ end -}}
{{- end }}
TXT
cat > templates/check.yaml << 'TXT'
{{- include "cargo.check" . -}}
TXT
echo '12 crates for Olsen (cold)' > templates/NOTES.txt
helm install cargo . --namespace docks --set consignee=Olsen,crates=12,class=cold
