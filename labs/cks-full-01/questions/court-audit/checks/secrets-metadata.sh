. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../../../node.sh"
. "${BASH_SOURCE[0]%/*}/../log.sh"
trap 'k -n court delete secret "$probe" --ignore-not-found > /dev/null 2>&1' EXIT
k -n court create secret generic "$probe" --from-literal=word="word-of-$probe" > /dev/null 2>&1 || fail 'no Secret can be made'
k -n court get secret "$probe" > /dev/null 2>&1
read_too() { found=$(events) && jq -se 'any(.[]; .verb == "get")' <<< "$found" > /dev/null 2>&1; }
until_true 6 read_too
said=$(jq -r 'select(.objectRef.resource == "secrets") | "\(.verb) \(.objectRef.namespace) \(.level)"' <<< "$found" | sort -u | paste -sd,)
expect_match 'what is recorded of a Secret' '^create court Metadata,(delete court Metadata,)?get court Metadata$' "$said"
expect 'records with what is in it' 0 "$(jq -s '[.[] | select(.requestObject or .responseObject)] | length' <<< "$found")"
k -n kube-system get secret "$probe-elsewhere" > /dev/null 2>&1
elsewhere() { events "$probe-elsewhere" | grep -q '"level":"Metadata"'; }
wait_for 6 'whether a look at a Secret of another namespace is recorded' elsewhere
pass 'Secrets leave a trace, and no more'
