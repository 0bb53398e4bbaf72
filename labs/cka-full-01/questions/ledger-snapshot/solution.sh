set -e
ssh -n root@controlplane 'set -e
  cd /etc/kubernetes/pki/etcd
  etcdctl --endpoints=https://127.0.0.1:2379 --cacert=ca.crt --cert=server.crt --key=server.key snapshot save /opt/backup/etcd-today.db
  etcdutl snapshot restore /opt/backup/etcd-friday.db --data-dir=/var/lib/etcd-friday'
balance=$(ssh -n root@controlplane "grep -a -A8 /registry/configmaps/counting-house/ledger /var/lib/etcd-friday/member/snap/db | grep -a -o '[0-9]*-guilders-[0-9]*-pence'" | sort -u)
kubectl -n counting-house create configmap ledger --from-literal=balance="$balance"
