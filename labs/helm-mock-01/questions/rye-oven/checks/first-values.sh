. "$CKX_CHECKS/1.sh"
file=/home/candidate/oven-first.yaml
[ -s "$file" ] || fail "there is nothing in $file"
# The heading that helm prints for people is not counted as a value.
seen=$(grep -v '^USER-SUPPLIED VALUES:' "$file" | yq -o=json -I=0 '.' 2>&1 | jq -Sc . 2> /dev/null)
expect 'values in the file' '{"loaf":"barley","salt":3}' "$seen"
pass 'the values of the first revision are in the file'
