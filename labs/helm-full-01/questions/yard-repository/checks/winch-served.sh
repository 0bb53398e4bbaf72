. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
said=$(h show chart winch --repo http://controlplane:30081 --version 0.2.0 2>&1) || fail "helm says: ${said:0:400}"
expect 'version and app version of the winch' '0.2.0 7' "$(yq -r '.version + " " + .appVersion' <<< "$said")"
expect 'rope of the winch' 30 "$(h show values winch --repo http://controlplane:30081 --version 0.2.0 2> /dev/null | yq -r .rope)"
pass 'the yard serves the winch'
