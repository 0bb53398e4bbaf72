. "$CKX_CHECKS/1.sh"
pods=$(ready_pods archive catalog)
expect 'ready Pods of catalog' 1 "$(grep -c . <<< "$pods")"
expect 'token in the Secret' shelf-42-north "$(k -n archive get secret catalog-key -o json 2> /dev/null | jq -r '.data.token // "" | @base64d')"
expect 'CATALOG_TOKEN of the process' shelf-42-north "$(k -n archive exec "$pods" -- sh -c 'tr "\0" "\n" < /proc/1/environ | sed -n s/^CATALOG_TOKEN=//p' 2>&1)"
expect 'places in the Deployment where the token is typed' 0 "$(k -n archive get deployment catalog -o json | jq '[.spec | .. | strings | select(contains("shelf-42-north"))] | length')"
for entry in shelves language; do
  expect "/etc/catalog/$entry" "$(k -n archive get configmap catalog-settings -o json | jq -r --arg entry $entry '.data[$entry]')" \
    "$(k -n archive exec "$pods" -- cat "/etc/catalog/$entry" 2>&1)"
done
pass 'key and settings are injected'
