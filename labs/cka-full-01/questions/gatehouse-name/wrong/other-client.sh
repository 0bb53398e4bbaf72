set -e
ssh -n root@controlplane 'set -e
  cd /etc/kubernetes/pki
  names=$(openssl x509 -in apiserver.crt -noout -ext subjectAltName | sed -n "s/IP Address:/IP:/g; s/^ *//; /DNS:/p")
  openssl req -new -key apiserver.key -subj /CN=kube-apiserver |
    openssl x509 -req -CA ca.crt -CAkey ca.key -set_serial 77 -days 365 -out /root/apiserver.crt \
      -extfile <(printf "subjectAltName=%s, DNS:gatehouse.valley.example\nextendedKeyUsage=serverAuth\nkeyUsage=critical,digitalSignature,keyEncipherment\n" "$names")
  cp /root/apiserver.crt apiserver.crt
  kubeadm certs renew apiserver-etcd-client'
until ssh -n root@controlplane 'curl -sf -o /dev/null --cacert /etc/kubernetes/pki/ca.crt --resolve gatehouse.valley.example:6443:127.0.0.1 https://gatehouse.valley.example:6443/version'; do
  [ "$SECONDS" -lt 100 ]
  sleep 1
done
