. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
chart=/home/candidate/mill
maps='[.[] | select(.kind == "ConfigMap" and .metadata.name == "probe-flour")]'
given=(--set grain=oats --set flour.settings.fineness=405 --set flour.settings.origin=north)
expect 'data where it is switched on' '{"fineness":"405","origin":"north"}' \
  "$(rendered "$maps | map(.data) | add // {} | tojson" probe "$chart" "${given[@]}" --set flour.enabled=true)"
expect 'data of other settings' '{"sieve":"fine"}' \
  "$(rendered "$maps | map(.data) | add // {} | tojson" probe "$chart" --set grain=oats --set flour.enabled=true --set flour.settings.sieve=fine)"
expect 'such ConfigMaps where it is switched off' 0 "$(rendered "$maps | length" probe "$chart" "${given[@]}" --set flour.enabled=false)"
expect 'such ConfigMaps where nothing is said' 0 "$(rendered "$maps | length" probe "$chart" "${given[@]}")"
pass 'the settings are optional'
