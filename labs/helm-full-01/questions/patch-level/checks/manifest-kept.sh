. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
file=/home/candidate/fleet/next.yaml
[ -s "$file" ] || fail "there is nothing in $file"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf 'cargo: timber\nflag: red\ncrew: {captain: Ada, sailors: 5}\n' > "$work/values.yaml"
wanted=$(rendered tojson gull "${BASH_SOURCE[0]%/*}/../../../charts/boat" --namespace north-sea -f "$work/values.yaml" | jq -Sc .)
seen=$(yq -o=json -I=0 '.' "$file" 2>&1 | jq -Ssc 'map(select(. != null) | del(.metadata.namespace))' 2> /dev/null)
# All versions of the chart make the same objects here; which one was asked for stands in the source comments that helm writes, and in nothing else.
expect 'objects in the file' "$(jq -Sc 'map(.metadata.name)' <<< "$wanted")" "$(jq -Sc 'map(.metadata.name)' <<< "${seen:-[]}" 2> /dev/null)"
expect 'what the boat of the file would say' "$(jq -r '.[0].spec.template.spec.containers[0].env[0].value' <<< "$wanted")" \
  "$(jq -r '.[0].spec.template.spec.containers[0].env[0].value' <<< "$seen" 2> /dev/null)"
expect 'version of the boat in the file' 1.3.0 "$(jq -r '.[0].metadata.labels["app.kubernetes.io/version"] // "none"' <<< "$seen" 2> /dev/null)"
pass 'the file holds what was asked for'
