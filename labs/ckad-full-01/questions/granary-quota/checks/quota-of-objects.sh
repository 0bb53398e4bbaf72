. "$CKX_CHECKS/2.sh"
hard=$(value_of granary resourcequota objects '.spec.hard')
[ -n "$hard" ] || fail 'there is no ResourceQuota objects in granary'
note "limits: $(jq -c . <<< "$hard")"
expect 'ConfigMaps' 5 "$(jq -r '.configmaps // .["count/configmaps"]' <<< "$hard")"
expect 'Services' 2 "$(jq -r '.services // .["count/services"]' <<< "$hard")"
refused=$(k -n granary create service nodeport quota-probe --tcp=80 --dry-run=server 2>&1)
expect_match 'answer to a Service of type NodePort' 'exceeded quota.*services.nodeports' "$refused"
pass 'objects are counted'
