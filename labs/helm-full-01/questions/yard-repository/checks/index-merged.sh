. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../index.sh"
expect 'what the index offers' 'crane 0.9.0,winch 0.1.0,winch 0.2.0' "$(jq -r '[.entries[][] | "\(.name) \(.version)"] | sort | join(",")' <<< "$index")"
for old in 'crane 0.9.0' 'winch 0.1.0'; do
  read -r chart version <<< "$old"
  expect "since when $old is there" 2026-01-02 "$(entry "$chart" "$version" '.created[:10]')"
done
expect 'addresses that begin otherwise' '' "$(jq -r '[.entries[][].urls[] | select(startswith("http://controlplane:30081/") | not)] | join(" ")' <<< "$index")"
pass 'the index is merged'
