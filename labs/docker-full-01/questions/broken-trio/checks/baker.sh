. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
seen() { page http://docker:8050/; }
expect_soon 5 'page at docker:8050' 'fresh bread' seen
expect 'baker runs' true "$(state_of baker '{{.State.Running}}')"
pass 'baker serves'
