. "$CKX_CHECKS/1.sh"
file=/home/candidate/pilot-west.yaml
[ -s "$file" ] || fail "there is nothing in $file"
seen=$(yq -o=json -I=0 '.' "$file" 2>&1 | jq -sr '.[] | select(.kind? == "Deployment") | .metadata.name + " " + (.spec.template.spec.containers[0].env | map(.value) | join(" "))' 2> /dev/null)
expect 'Deployment in the file' 'pilot west 9' "$seen"
pass 'the manifest is in the file'
