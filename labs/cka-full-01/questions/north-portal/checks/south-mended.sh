. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../ask.sh"
expect 'host of the Ingress south' south.example.com "$(value_of portal ingress south '[.spec.rules[].host] | join(" ")')"
for path in / /platform/3; do expect_soon 7 "answer to south.example.com$path" tickets ask south.example.com "$path"; done
expect 'its status over HTTP' 200 "$(curl -s -m 4 -o /dev/null -w '%{http_code}' --resolve "south.example.com:30080:$node" http://south.example.com:30080/)"
pass 'the south portal is mended'
