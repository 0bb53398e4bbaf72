. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
tags() { curl -s -m 3 -u mariner:seven-bells http://docker:5010/v2/tools/busybox/tags/list | jq -c .tags; }
expect_soon 5 'tags of tools/busybox' '["1.36"]' tags
expect 'answer without a password' 401 "$(curl -s -m 3 -o /dev/null -w '%{http_code}' http://docker:5010/v2/tools/busybox/tags/list)"
export DOCKER_CONFIG=$(mktemp -d)
trap 'rm -rf "$DOCKER_CONFIG"' EXIT
printf '{"auths": {"localhost:5010": {"auth": "%s"}}}' "$(printf mariner:seven-bells | base64)" > "$DOCKER_CONFIG/config.json"
d pull -q localhost:5010/tools/busybox:1.36 > /dev/null 2>&1 || fail 'the image cannot be pulled'
pass 'the image can be pulled'
