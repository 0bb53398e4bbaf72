. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
expect 'runs' true "$(state_of quota-worker '{{.State.Running}}')"
expect 'variables and folder inside' 'parcels|north sea|4|/srv' "$(d exec quota-worker sh -c 'echo "$QUEUE|$REGION|$RETRIES|$(pwd)"' 2>&1)"
pass 'the settings arrive'
