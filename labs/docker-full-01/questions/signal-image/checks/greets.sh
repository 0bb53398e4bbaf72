. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
. "${BASH_SOURCE[0]%/*}/../signal.sh"
run_signal check-signal-plain
expect_soon 8 'page without a variable' 'all clear' greeting
d rm -f check-signal-plain > /dev/null
run_signal check-signal-fog -e GREETING=fog
expect_soon 8 'page with GREETING=fog' fog greeting
pass 'it greets'
