. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../../../node.sh"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
k -n kube-system get configmap kube-root-ca.crt -o jsonpath='{.data.ca\.crt}' > "$folder/ca.crt"
said_on controlplane 'cat /etc/kubernetes/pki/apiserver-kubelet-client.crt' > "$folder/client.crt"
note "valid until: $(openssl x509 -in "$folder/client.crt" -noout -enddate 2>&1)"
openssl x509 -in "$folder/client.crt" -noout -checkend $((300 * 86400)) > /dev/null 2>&1 || fail 'it is not valid for 300 days more'
expect 'whether the authority of the cluster signed it for clients' OK \
  "$(openssl verify -purpose sslclient -CAfile "$folder/ca.crt" "$folder/client.crt" 2>&1 | sed -n 's/.*: \(OK\)$/\1/p')"
expect 'its subject' 'O = kubeadm:cluster-admins, CN = kube-apiserver-kubelet-client' "$(openssl x509 -in "$folder/client.crt" -noout -subject | sed 's/^subject=//')"
expect 'whether the key belongs to it' "$(openssl x509 -in "$folder/client.crt" -noout -pubkey)" \
  "$(said_on controlplane 'openssl pkey -pubout -in /etc/kubernetes/pki/apiserver-kubelet-client.key')"
pass 'the certificate is renewed'
