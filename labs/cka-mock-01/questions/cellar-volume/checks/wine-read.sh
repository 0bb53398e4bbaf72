. "$CKX_CHECKS/1.sh"
expect 'state, volume and request of the claim' 'Bound barrels 500Mi' "$(value_of vintner persistentvolumeclaim barrels '"\(.status.phase) \(.spec.volumeName) \(.spec.resources.requests.storage)"')"
expect 'what the taster serves' 'riesling of 2021' "$(page_of vintner taster 80 wine.txt)"
expect_match 'writing from the taster' 'Read-only' "$(k -n vintner exec taster -- sh -c 'touch /usr/share/nginx/html/.probe && rm -f /usr/share/nginx/html/.probe && echo written' 2>&1)"
pass 'the wine is read'
