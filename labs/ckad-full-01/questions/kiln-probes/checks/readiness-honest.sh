. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../twin.sh"
start_twin kiln-readiness
in_twin 'rm /usr/share/nginx/html/ready' || fail 'the page could not be removed'
until_true 8 twin_is_ready False || fail 'the Pod stays ready although /ready answers 404'
sleep 4
expect 'restarts of a Pod that is only not ready' 0 "$(restarts_of_twin)"
in_twin 'echo ready > /usr/share/nginx/html/ready'
until_true 8 twin_is_ready True || fail 'the Pod does not become ready again'
pass 'readiness follows the application'
