. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
. "${BASH_SOURCE[0]%/*}/../harbour.sh"
running beacon
running tower
expect_soon 4 'what beacon gets from http://tower' 'this is the tower' from_beacon tower
expect 'subnet of the network harbour' 172.28.5.0/24 "$(d network inspect --format '{{(index .IPAM.Config 0).Subnet}}' harbour 2> /dev/null)"
for name in beacon tower; do
  expect_match "networks of $name" harbour "$(state_of $name '{{range $name, $network := .NetworkSettings.Networks}}{{$name}} {{end}}')"
done
pass 'beacon finds tower'
