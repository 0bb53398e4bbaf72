. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
. "${BASH_SOURCE[0]%/*}/../harbour.sh"
running tower
published() { page http://docker:8090/; }
expect_soon 5 'page at docker:8090' 'this is the tower' published
pass 'tower is published'
