. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
expect 'porter runs' true "$(state_of porter '{{.State.Running}}')"
said() { d logs --tail 1 porter 2>&1; }
expect_soon 8 'last line of its log' 'fresh bread' said
for name in baker porter; do
  expect_match "networks of $name" bakery "$(state_of $name '{{range $name, $network := .NetworkSettings.Networks}}{{$name}} {{end}}')"
done
pass 'porter finds baker'
