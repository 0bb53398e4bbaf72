. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
for twin in a b; do
  expect "twin-$twin runs" true "$(state_of twin-$twin '{{.State.Running}}')"
  expect "networks of twin-$twin" 'twins ' "$(state_of twin-$twin '{{range $name, $network := .NetworkSettings.Networks}}{{$name}} {{end}}')"
  expect "published ports of twin-$twin" '' "$(d port twin-$twin)"
done
pass 'nobody outside reaches them'
