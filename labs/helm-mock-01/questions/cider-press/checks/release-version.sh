. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
expect 'state of the release cider in cellar' deployed "$(release cellar cider .status)"
expect 'chart of the release' press-1.1.0 "$(release cellar cider .chart)"
pass 'the release comes from the version that was asked for'
