set -e
here=${BASH_SOURCE[0]%/*}
. "$here/../../node.sh"
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: counting-house }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: ledger, namespace: counting-house }
data: { balance: 417-guilders-9-pence }
YAML
on_node controlplane 'set -e
  mkdir -p /opt/backup
  cd /etc/kubernetes/pki/etcd
  etcdctl --endpoints=https://127.0.0.1:2379 --cacert=ca.crt --cert=server.crt --key=server.key snapshot save /opt/backup/etcd-friday.db' < /dev/null
kubectl -n counting-house delete configmap ledger
