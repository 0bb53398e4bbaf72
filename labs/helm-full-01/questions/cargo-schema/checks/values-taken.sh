. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
chart=/home/candidate/cargo
[ -s "$chart/values.schema.json" ] || fail 'the chart has no schema'
for values in '{"consignee": "Ny"}' '{"consignee": "Ny", "crates": 1, "class": "dangerous"}' '{"consignee": "Ny", "crates": 500, "class": "cold"}' '{"consignee": "Ny", "global": {"port": "Oslo"}}'; do
  said=$(h template probe "$chart" -f - <<< "$values" 2>&1) || fail "the values $values are refused: ${said:0:300}"
  note "the values $values are taken"
done
expect 'crates and class by default' '1 dry' "$(rendered '.[0].data | "\(.crates) \(.class)"' probe "$chart" --set consignee=Ny)"
pass 'values with sense are taken'
