. "$CKX_CHECKS/1.sh"
file=/home/candidate/press-2.0.0.yaml
[ -s "$file" ] || fail "there is nothing in $file"
seen=$(yq -o=json -I=0 '.' "$file" 2>&1 | jq -Sc . 2> /dev/null)
expect 'values in the file' '{"image":{"repository":"nginx","tag":"1.28"},"jars":6,"message":"a press of the second kind","replicas":1,"service":{"nodePort":null,"port":80,"type":"ClusterIP"}}' "$seen"
pass 'the defaults are in the file'
