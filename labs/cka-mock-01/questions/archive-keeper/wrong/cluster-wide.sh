set -e
ssh -n root@controlplane 'mkdir -p /var/backups && ETCDCTL_API=3 etcdctl --endpoints=127.0.0.1:2379 --cacert=/etc/kubernetes/pki/etcd/ca.crt \
  --cert=/etc/kubernetes/pki/etcd/peer.crt --key=/etc/kubernetes/pki/etcd/peer.key snapshot save /var/backups/etcd-snapshot.db'
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
kubectl create clusterrole archivist --verb=get,list,create,delete --resource=deployments.apps
kubectl create clusterrolebinding marta --clusterrole=archivist --user=marta
