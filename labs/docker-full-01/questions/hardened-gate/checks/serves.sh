. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
seen() { page http://docker:8060/; }
expect_soon 5 'page at docker:8060' 'the gate is open' seen
expect 'the container gate runs' true "$(state_of gate '{{.State.Running}}')"
pass 'the gate serves'
