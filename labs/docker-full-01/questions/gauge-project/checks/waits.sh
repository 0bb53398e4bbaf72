. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
# A copy of the project, under another name and on other ports, is brought up and taken down.
folder=$(mktemp -d)
project="timeout 60 docker compose --project-name check-gauge --file $folder/compose.json"
trap '$project down -t 0 -v > /dev/null 2>&1; rm -rf "$folder"' EXIT
timeout 20 docker compose --file /home/candidate/gauge/compose.yaml config --format json 2> /dev/null |
  jq 'del(.name, .services[].ports, .services[].container_name, .networks[]?.name, .volumes[]?.name)' > "$folder/compose.json"
[ -s "$folder/compose.json" ] || fail 'compose.yaml cannot be read'
$project down -t 0 -v > /dev/null 2>&1
$project up -d > /dev/null 2>&1 || fail 'a copy of the project does not come up'
of() { d ps -aq --filter label=com.docker.compose.project=check-gauge --filter "label=com.docker.compose.service=$1" | head -1; }
health() { state_of "$(of gauge)" '{{if .State.Health}}{{.State.Health.Status}}{{else}}no health check{{end}}'; }
expect_soon 10 'health of the gauge' healthy health
shown() { d exec "$(of display)" cat /usr/share/nginx/html/index.html 2>&1; }
expect_soon 5 'what the display got when it started' 'level 42' shown
pass 'the display waits'
