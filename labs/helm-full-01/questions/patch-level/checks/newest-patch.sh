. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
expect 'state and chart of the release gull in north-sea' 'deployed boat-1.2.3' "$(release north-sea gull '"\(.status) \(.chart)"')"
pass 'the release comes from the newest patch'
