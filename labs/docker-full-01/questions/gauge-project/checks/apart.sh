. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
gauge=$(d ps -q --filter label=com.docker.compose.project=gauge --filter label=com.docker.compose.service=gauge)
[ -n "$gauge" ] || fail 'the service gauge does not run'
expect 'published ports of gauge' '' "$(d port "$gauge")"
expect 'volume at /var/gauge' gauge_levels "$(state_of "$gauge" '{{range .Mounts}}{{if eq .Destination "/var/gauge"}}{{.Name}}{{end}}{{end}}')"
expect 'level in the volume' 'level 42' "$(d run --rm --network none -v gauge_levels:/levels:ro busybox:1.36 cat /levels/level 2>&1)"
pass 'the gauge is apart'
