. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
d image inspect tide:2 > /dev/null 2>&1 || fail 'there is no image tide:2'
trap 'd rm -f check-tide-plain check-tide-one > /dev/null 2>&1' EXIT
d rm -f check-tide-plain check-tide-one > /dev/null 2>&1
d run -d --name check-tide-plain tide:2 > /dev/null 2>&1
d run -d --name check-tide-one tide:2 1 > /dev/null 2>&1
first() { d logs "$1" 2>&1 | head -1; }
expect_soon 8 'first line of tide:2' 'tide: every 5 seconds' first check-tide-plain
expect_soon 8 'first line of tide:2 1' 'tide: every 1 seconds' first check-tide-one
pass 'the interval can be given'
