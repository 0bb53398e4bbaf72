. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../../../node.sh"
file=/etc/kubernetes/encryption/config.yaml
expect_match "owner and mode of $file" '^root [0-7]?[0-7]00$' "$(on_node stat -L -c "'%U %a'" $file 2>&1)"
expect 'files that the running API server takes its settings from' 1 "$(on_node 'pgrep -xa kube-apiserver | grep -c -e --encryption-provider-config' 2>&1)"
key=$(on_node cat $file | yq -r '.resources[].providers[].secretbox.keys[0].secret // ""' 2> /dev/null | grep . | head -n 1)
expect 'bytes of the key' 32 "$(base64 -d <<< "$key" 2> /dev/null | wc -c)"
pass 'the key is kept'
