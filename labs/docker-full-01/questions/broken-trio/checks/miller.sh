. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
expect 'runs' true "$(state_of miller '{{.State.Running}}')"
expect 'its log' grinding "$(d logs miller 2>&1 | tail -1)"
expect 'its settings' STONES=2 "$(d exec miller cat /etc/miller.conf 2>&1)"
expect 'the file' STONES=2 "$(cat /home/candidate/trio/miller.conf 2>&1)"
pass 'miller runs'
