. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
expect 'labels of the engine' '["site=dock-4"]' "$(d info --format '{{json .Labels}}' 2> /dev/null)"
expect 'containers outlive the daemon' true "$(d info --format '{{.LiveRestoreEnabled}}' 2> /dev/null)"
pass 'the engine is labelled'
