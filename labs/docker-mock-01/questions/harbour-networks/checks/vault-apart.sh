. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
. "${BASH_SOURCE[0]%/*}/../harbour.sh"
running beacon
running vault
# It counts together with the work: before, nobody had a name.
expect 'what tower gets from http://vault' 'this is the vault' "$(from_nginx tower vault)"
for host in vault $(addresses vault); do
  seen=$(from_beacon "$host")
  note "beacon asks http://$host: $(tail -1 <<< "$seen")"
  [[ $seen != *'this is the vault'* ]] || fail "beacon reaches vault at $host"
done
[ -n "$(addresses vault)" ] || fail 'vault has no address'
expect 'networks of vault' 'deep ' "$(state_of vault '{{range $name, $network := .NetworkSettings.Networks}}{{$name}} {{end}}')"
expect 'the network deep is internal' true "$(d network inspect --format '{{.Internal}}' deep 2> /dev/null)"
pass 'vault is apart'
