set -e
ssh -n root@controlplane 'set -e
  cp /opt/backup/etcd-friday.db /opt/backup/etcd-today.db
  mkdir -p /var/lib/etcd-friday && cp -r /var/lib/etcd/member /var/lib/etcd-friday/'
kubectl -n counting-house create configmap ledger --from-literal=balance=417-guilders-9-pence
