. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
objects() { rendered 'map("\(.kind) \(.metadata.name)") | sort | join(",")' probe /home/candidate/harbour "$@"; }
expect 'objects by default' 'ConfigMap probe-crane,Deployment probe-lifeboat,Deployment probe-tug' "$(objects)"
expect 'objects with crane.enabled=false' 'Deployment probe-lifeboat,Deployment probe-tug' "$(objects --set crane.enabled=false)"
pass 'the crane can be switched off'
