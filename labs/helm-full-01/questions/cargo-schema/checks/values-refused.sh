. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
chart=/home/candidate/cargo
said=$(h template probe "$chart" --set consignee=Ny 2>&1) || fail "good values are refused: ${said:0:400}"
for values in '{}' '{"consignee": ""}' '{"consignee": 7}' '{"consignee": "Ny", "crates": 0}' '{"consignee": "Ny", "crates": 501}' '{"consignee": "Ny", "crates": 2.5}' \
  '{"consignee": "Ny", "crates": "12"}' '{"consignee": "Ny", "class": "wet"}' '{"consignee": "Ny", "crate": 3}'; do
  said=$(h template probe "$chart" -f - <<< "$values" 2>&1) && fail "the values $values are taken"
  note "the values $values are refused"
done
said=$(h lint "$chart" --set consignee=Ny,crates=501 2>&1) && fail 'helm lint takes 501 crates'
pass 'values without sense are refused'
