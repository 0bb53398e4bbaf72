set -e
ssh -n root@controlplane 'mkdir -p /var/backups && cd /etc/kubernetes/pki/etcd &&
  etcdctl --endpoints=https://127.0.0.1:2379 --cacert=ca.crt --cert=server.crt --key=server.key snapshot save /var/backups/etcd-snapshot.db'
kubectl apply -f - << YAML
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: { name: marta }
spec:
  signerName: kubernetes.io/kube-apiserver-client
  usages: [client auth]
  request: $(base64 -w0 ~/marta.csr)
YAML
kubectl certificate approve marta
until kubectl get csr marta -o jsonpath='{.status.certificate}' | grep -q .; do sleep 1; done
kubectl get csr marta -o jsonpath='{.status.certificate}' | base64 -d > ~/marta.crt
kubectl -n archive-east create role archivist --verb=get,list,create,delete --resource=deployments.apps
kubectl -n archive-east create rolebinding marta --role=archivist --user=marta
