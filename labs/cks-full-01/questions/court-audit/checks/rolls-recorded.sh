. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../../../node.sh"
. "${BASH_SOURCE[0]%/*}/../log.sh"
trap 'k -n court delete configmap "$probe" --ignore-not-found > /dev/null 2>&1' EXIT
k -n court create configmap "$probe" --from-literal=judge=portia > /dev/null 2>&1 || fail 'no ConfigMap can be made'
k -n court patch configmap "$probe" -p '{"data": {"judge": "azdak"}}' > /dev/null 2>&1
k -n court delete configmap "$probe" > /dev/null 2>&1
all() { found=$(events) && jq -se 'any(.[]; .verb == "delete")' <<< "$found" > /dev/null 2>&1; }
until_true 6 all
said=$(jq -r '"\(.verb) \(.level)"' <<< "$found" | sort -u | paste -sd,)
expect 'what is recorded of a ConfigMap of the court' 'create RequestResponse,delete RequestResponse,patch RequestResponse' "$said"
expect 'what was sent and answered when it was changed' 'azdak azdak' "$(jq -r 'select(.verb == "patch") | "\(.requestObject.data.judge) \(.responseObject.data.judge)"' <<< "$found" | head -n 1)"
pass 'the rolls are recorded'
