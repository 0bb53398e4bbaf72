# Sourced by the checks.
# stored NAME: how the Secret of vault lies in etcd: as far as the provider is named, "plain" where its text can be read.
stored() {
  on_node "cd /etc/kubernetes/pki/etcd && ETCDCTL_API=3 etcdctl --endpoints=https://127.0.0.1:2379 --cacert=ca.crt --cert=server.crt --key=server.key \
    get --print-value-only /registry/secrets/vault/$1 | head -c 4000 | base64 -w0" 2> /dev/null | base64 -d | tr -c '[:print:]' '.' |
    awk 'NR == 1 {if (match($0, /^k8s:enc:[a-z]+:v[0-9]+:/)) print substr($0, 1, RLENGTH); else print (length($0) ? "plain" : "nothing")}'
}
# text NAME KEY: through the API.
text() { k -n vault get secret "$1" -o json 2> /dev/null | jq -r --arg key "$2" '.data[$key] // "" | @base64d'; }
