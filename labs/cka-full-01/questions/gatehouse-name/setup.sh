set -e
here=${BASH_SOURCE[0]%/*}
. "$here/../../node.sh"
on_node controlplane 'set -e
  cd /etc/kubernetes/pki
  openssl req -new -key apiserver-kubelet-client.key -subj "/O=kubeadm:cluster-admins/CN=kube-apiserver-kubelet-client" |
    openssl x509 -req -CA ca.crt -CAkey ca.key -set_serial "0x$(openssl rand -hex 8)" -days 9 -out apiserver-kubelet-client.new \
      -extfile <(printf "keyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=clientAuth\nbasicConstraints=critical,CA:FALSE\nauthorityKeyIdentifier=keyid\n") 2> /dev/null
  mv apiserver-kubelet-client.new apiserver-kubelet-client.crt' < /dev/null
