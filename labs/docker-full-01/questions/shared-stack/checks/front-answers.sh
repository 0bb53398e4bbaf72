. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
seen() { page http://docker:8095/; }
expect_soon 6 'page at docker:8095' 'from the back' seen
for name in front back; do expect "$name runs" true "$(state_of $name '{{.State.Running}}')"; done
pass 'the front answers'
