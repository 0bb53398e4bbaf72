. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
chart=/home/candidate/buoys
values=$(mktemp)
trap 'rm -f "$values"' EXIT
# Other buoys than those of the chart's own values.
cat > "$values" << 'YAML'
defaults: { colour: orange }
sign: 'ask for {{ .Release.Name }} at {{ .Chart.Name }}'
buoys:
  - { name: east, lit: true }
  - { name: reef, colour: black, lit: false, depth: 7 }
  - { name: mole, depth: shallow }
YAML
said=$(h template probe "$chart" -f "$values" 2>&1) || fail "helm template says: ${said:0:500}"
expect 'ConfigMaps and their data' '[["probe-east",{"colour":"orange","lit":"yes","sign":"ask for probe at buoys"}],["probe-mole",{"colour":"orange","depth":"shallow","lit":"no","sign":"ask for probe at buoys"}],["probe-reef",{"colour":"black","depth":"7","lit":"no","sign":"ask for probe at buoys"}]]' \
  "$(rendered 'map(select(.kind == "ConfigMap")) | sort_by(.metadata.name) | map([.metadata.name, .data]) | tojson' probe "$chart" -f "$values" | jq -Sc .)"
expect 'ConfigMaps of an empty list' 0 "$(rendered 'map(select(.kind == "ConfigMap")) | length' probe "$chart" --set-json 'buoys=[]')"
pass 'there is one for each'
