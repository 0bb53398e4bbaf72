. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../twin.sh"
start_twin check-liveness
expect 'restarts while /alive answers' 0 "$(restarts_of_twin)"
in_twin 'rm /usr/share/nginx/html/alive' || fail '/alive could not be taken away in the twin'
note 'the twin now answers 404 on /alive'
restarted() { [ "$(restarts_of_twin)" -ge 1 ]; }
# ckx-lint: allow WAIT_TOO_LONG
until_true 20 restarted || fail 'after 20 seconds the container was not restarted'
note "restarted: $(k -n foundry get pod "$twin" -o jsonpath='{.status.containerStatuses[0].restartCount}') time(s)"
pass 'a container that is not alive is restarted'
