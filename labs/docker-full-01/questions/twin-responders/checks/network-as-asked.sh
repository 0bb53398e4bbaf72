. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
expect 'subnet and range' '10.77.3.0/24 10.77.3.128/25' "$(d network inspect --format '{{(index .IPAM.Config 0).Subnet}} {{(index .IPAM.Config 0).IPRange}}' twins 2> /dev/null)"
for pair in a:10.77.3.11 b:10.77.3.12; do
  expect "address of twin-${pair%%:*}" "${pair#*:}" "$(state_of "twin-${pair%%:*}" '{{with index .NetworkSettings.Networks "twins"}}{{.IPAddress}}{{end}}')"
done
pass 'the network is as asked'
