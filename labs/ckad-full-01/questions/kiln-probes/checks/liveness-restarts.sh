. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../twin.sh"
start_twin kiln-liveness
in_twin 'rm /usr/share/nginx/html/alive' || fail 'the page could not be removed'
restarted() { [ "$(restarts_of_twin)" -ge 1 ] 2> /dev/null; }
until_true 15 restarted || fail 'the container is not restarted within 15 seconds although /alive answers 404'
pass 'a dead kiln is restarted'
