. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
expect 'state and chart of the release bay' 'deployed buoys-1.0.0' "$(release bay bay '"\(.status) \(.chart)"')"
expect 'ConfigMaps of the release' '[["bay-north","red","12"],["bay-shoal","green","three fathoms"],["bay-south","yellow",null]]' \
  "$(k -n bay get configmaps -l tide=high -o json | jq -c '[.items[] | [.metadata.name, .data.colour, .data.depth]] | sort')"
expect 'sign of a buoy' 'bay harbour' "$(value_of bay configmap bay-north .data.sign)" # ckx-lint: allow CHECK_NAME_UNKNOWN
pass 'the bay is marked'
