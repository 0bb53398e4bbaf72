. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../twin.sh"
start_twin check-readiness
in_twin 'rm /usr/share/nginx/html/ready' || fail '/ready could not be taken away in the twin'
note 'the twin now answers 404 on /ready'
until_true 8 twin_is_ready False || fail 'after 8 seconds the twin still counts as ready'
expect 'restarts of the twin' 0 "$(restarts_of_twin)"
in_twin 'echo ready > /usr/share/nginx/html/ready'
until_true 8 twin_is_ready True || fail 'the twin did not become ready again when /ready answered'
pass 'readiness follows /ready'
