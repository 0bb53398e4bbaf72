. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../../../node.sh"
. "${BASH_SOURCE[0]%/*}/../log.sh"
trap 'k delete configmap -n default "$probe" --ignore-not-found > /dev/null 2>&1; k -n court delete secret "$probe-end" --ignore-not-found > /dev/null 2>&1' EXIT
# Not to be recorded: a look at a Pod and at a ConfigMap of the court, a ConfigMap elsewhere, a node that asks for a Secret.
k -n court get pod "$probe" > /dev/null 2>&1
k -n court get configmap "$probe" > /dev/null 2>&1
k -n default create configmap "$probe" --from-literal=a=b > /dev/null 2>&1 || fail 'no ConfigMap can be made'
answer=$(on_node "curl -s -m 8 -o /dev/null -w '%{http_code}' --cacert /etc/kubernetes/pki/ca.crt --cert /var/lib/kubelet/pki/kubelet-client-current.pem \
  --key /var/lib/kubelet/pki/kubelet-client-current.pem https://localhost:6443/api/v1/namespaces/court/secrets/$probe-node")
[[ $answer =~ ^[1-9][0-9][0-9]$ ]] || undecided 'nothing could be asked as the node'
# What comes last is recorded: all that came before would be by then.
k -n court create secret generic "$probe-end" --from-literal=a=b > /dev/null 2>&1
ended() { events "$probe-end" | grep -q .; }
wait_for 8 'whether a Secret that is made afterwards is recorded' ended
others=$(events | jq -r --arg last "$probe-end" 'select(.objectRef.name != $last) | "\(.user.username) \(.verb) \(.objectRef.resource) \(.objectRef.name)"') ||
  undecided 'the log cannot be read'
expect 'what is recorded of a look at a Pod and a ConfigMap, of a ConfigMap elsewhere, and of the node' '' "$others"
expect 'records of the stage RequestReceived' 0 "$(events | grep -c '"stage":"RequestReceived"')"
pass 'noise is left out'
