. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
notes=$(h -n docks get notes cargo 2>&1) || fail "there is no release cargo in docks: $notes"
expect 'declarations among the notes of the release' 1 "$(grep -cE '^[[:space:]]*12 crates for Olsen \(cold\)[[:space:]]*$' <<< "$notes")"
# What other values would be told; no release is made for that.
told() { h install probe /home/candidate/cargo -n docks --dry-run=client --set "$1" 2>&1; }
expect 'declarations of other cargo' 1 "$(told consignee=Ny,crates=3,class=dangerous | grep -cE '^[[:space:]]*3 crates for Ny \(dangerous\)[[:space:]]*$')"
expect 'warnings about dangerous cargo' 1 "$(told consignee=Ny,crates=3,class=dangerous | grep -c CAREFUL)"
expect 'warnings about dry cargo' 0 "$(told consignee=Ny,crates=3,class=dry | grep -c CAREFUL)"
pass 'who installs it is told'
