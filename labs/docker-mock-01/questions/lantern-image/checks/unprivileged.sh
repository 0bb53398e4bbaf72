. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
. "${BASH_SOURCE[0]%/*}/../run-lantern.sh"
run_lantern check-lantern-user
users() { d top check-lantern-user -eo pid,uid,args | tail -n +2 | awk '{print $2}' | sort -u | tr '\n' ' '; }
seen() { [ -n "$(users)" ]; }
until_true 5 seen
expect 'users of its processes' '1000 ' "$(users)"
expect 'runs after a second' true "$(sleep 1; state_of check-lantern-user '{{.State.Running}}')"
pass 'the server runs as user 1000'
