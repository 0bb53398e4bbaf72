. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
d network inspect twins > /dev/null 2>&1 || fail 'there is no network twins'
addresses=$(d run --rm --network twins debian:bookworm-slim getent ahostsv4 responder 2> /dev/null | awk '{print $1}' | sort -u)
note "addresses of responder: $(tr '\n' ' ' <<< "$addresses")"
pages=$(for address in $addresses; do d run --rm --network twins curlimages/curl:8.10.1 -s -m 3 "http://$address/"; done | sort | tr '\n' ' ')
expect 'pages behind the name' 'twin a twin b ' "$pages"
pass 'both answer to the name'
