. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../index.sh"
for one in 'crane 0.9.0' 'winch 0.1.0' 'winch 0.2.0'; do
  read -r chart version <<< "$one"
  address=$(entry "$chart" "$version" '.urls[0]')
  [ -n "$address" ] || fail "the index does not offer $one"
  expect "digest of $one" "$(entry "$chart" "$version" .digest)" "$(curl -sf -m 5 "$address" | sha256sum | cut -d' ' -f1)"
done
pass 'the digests fit'
