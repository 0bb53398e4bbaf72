. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
. "${BASH_SOURCE[0]%/*}/../signal.sh"
run_signal check-signal-health
health() { state_of check-signal-health '{{if .State.Health}}{{.State.Health.Status}}{{else}}no health check{{end}}'; }
expect_soon 15 'health while the page is there' healthy health
d exec check-signal-health rm /www/index.html || fail 'there is no /www/index.html'
expect_soon 15 'health without the page' unhealthy health
pass 'health follows the page'
