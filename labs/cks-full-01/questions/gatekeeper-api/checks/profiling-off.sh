. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../server.sh"
said=$(k get --raw /debug/pprof/ 2>&1)
expect_match 'answer to an administrator who asks for profiles' 'NotFound|could not find the requested resource|not found' "${said:0:200}"
expect 'whether the API server is well' ok "$(k get --raw /readyz 2>&1)"
pass 'there are no profiles'
