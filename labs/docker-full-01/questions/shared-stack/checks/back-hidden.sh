. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
for name in front back; do
  expect "$name runs" true "$(state_of $name '{{.State.Running}}')"
  expect_match "network of $name is not the machine's" '^no$' "$([ "$(state_of $name '{{.HostConfig.NetworkMode}}')" = host ] && echo yes || echo no)"
done
expect 'page at docker:8095' 'from the back' "$(page http://docker:8095/)"
ports=$(for name in front back; do d port $name 2> /dev/null; done | grep -v ':8095$')
expect 'other ports that are published' '' "$ports"
address=$(state_of back '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}' | awk '{print $1}')
[ -n "$address" ] || address=$(state_of front '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}' | awk '{print $1}')
expect 'answer of port 9000 from another container' closed "$(d run --rm busybox:1.36 sh -c "nc -w 2 $address 9000 < /dev/null > /dev/null 2>&1 && echo open || echo closed")"
pass 'the back is hidden'
