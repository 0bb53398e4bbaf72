. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
objects=$(h -n cellar get manifest cider 2> /dev/null | yq -o=json -I=0 '.' | jq -sc 'map(select(. != null))')
in_release() { jq -r "[.[] | $1] | join(\" \")" <<< "${objects:-[]}"; }
expect 'replicas in the manifest of the release' 2 "$(in_release 'select(.kind == "Deployment") | .spec.replicas')"
expect 'message in the manifest of the release' 'fresh cider' \
  "$(in_release 'select(.kind == "Deployment") | .spec.template.spec.containers[0].env[] | select(.name == "MESSAGE") | .value')"
expect 'Service in the manifest of the release' 'NodePort 30090' \
  "$(in_release 'select(.kind == "Service") | .spec.type, .spec.ports[0].nodePort')"
pass 'the release holds what was asked for'
