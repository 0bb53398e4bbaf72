. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
. "${BASH_SOURCE[0]%/*}/../run-lantern.sh"
run_lantern check-lantern-page
keepers() { page "http://docker:$port/" | grep -c 'sees [0-9]* miles'; }
expect_soon 8 'lines of the page that name a keeper' 3 keepers
pass 'the page is served'
