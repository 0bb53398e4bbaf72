. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
chart=/home/candidate/mill
said=$(h template probe "$chart" --set grain=oats 2>&1) || fail "helm template says: ${said:0:500}"
look() { rendered "$1" probe "$chart" --set grain=oats; }
expect 'names of the Deployment and the Service' 'probe-mill probe-mill' "$(look '[.[] | select(.kind == "Deployment" or .kind == "Service") | .metadata.name] | join(" ")')"
expect 'image' nginx:1.27 "$(look '.[] | select(.kind == "Deployment") | .spec.template.spec.containers[0].image')"
expect 'whether the Service selects the Pods' true "$(look '
  (.[] | select(.kind == "Deployment") | .spec.template.metadata.labels) as $labels
  | (.[] | select(.kind == "Service") | .spec.selector) as $selector
  | ($selector | length) > 0 and ($labels | contains($selector))')"
accepted=$(k -n mill apply --dry-run=server -f - <<< "$said" 2>&1) || fail "the API server says: ${accepted:0:500}"
pass 'the chart renders what belongs together'
