. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
name=check-tide-stop
d image inspect tide:2 > /dev/null 2>&1 || fail 'there is no image tide:2'
d rm -f "$name" > /dev/null 2>&1
trap 'd rm -f check-tide-stop > /dev/null 2>&1' EXIT
d run -d --name "$name" tide:2 > /dev/null 2>&1 || fail 'no container of tide:2 starts'
begun() { d logs "$name" 2>&1 | grep -q '^tide: every'; }
until_true 8 begun || fail 'the program does not begin'
d stop -t 4 "$name" > /dev/null 2>&1
expect 'exit code after docker stop' 0 "$(state_of "$name" '{{.State.ExitCode}}')"
expect 'last line of the log' 'tide: goodbye' "$(d logs --tail 1 "$name" 2>&1)"
pass 'the program takes its leave'
