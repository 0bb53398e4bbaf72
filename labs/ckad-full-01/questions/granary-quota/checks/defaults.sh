. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../probe.sh"
k -n granary get limitrange bin-sizes > /dev/null 2>&1 || fail 'there is no LimitRange bin-sizes in granary'
expect 'what a container gets that asks for nothing' '{"limits":{"cpu":"100m","memory":"64Mi"},"requests":{"cpu":"50m","memory":"32Mi"}}' \
  "$(probe '{}' | jq -Sc '.spec.containers[0].resources' 2> /dev/null)"
largest=$(probe '{"limits": {"cpu": "400m", "memory": "256Mi"}, "requests": {"cpu": "10m", "memory": "16Mi"}}')
expect 'whether the largest limits are taken' 400m "$(jq -r '.spec.containers[0].resources.limits.cpu' <<< "$largest" 2> /dev/null)"
for limits in '{"cpu": "401m", "memory": "64Mi"}' '{"cpu": "100m", "memory": "257Mi"}'; do
  expect_match "answer to the limits $limits" 'maximum (cpu|memory) usage per' "$(probe "{\"limits\": $limits, \"requests\": {\"cpu\": \"10m\", \"memory\": \"16Mi\"}}")"
done
pass 'the defaults are in effect'
