. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
seen() { page http://docker:8070/; }
expect_soon 8 'page at docker:8070' 'level 42' seen
services=$(d ps --filter label=com.docker.compose.project=gauge --format '{{.Label "com.docker.compose.service"}}' | sort | tr '\n' ' ')
expect 'services of the project that run' 'display gauge ' "$services"
pass 'the display shows the level'
