set -e
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/O=drivers/CN=linus" -keyout ~/linus.key -out ~/linus.csr 2> /dev/null
kubectl apply -f - << YAML
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: { name: linus }
spec:
  signerName: kubernetes.io/kube-apiserver-client
  usages: [client auth]
  request: $(base64 -w0 ~/linus.csr)
YAML
kubectl certificate approve linus
until kubectl get csr linus -o jsonpath='{.status.certificate}' | grep -q .; do sleep 1; done
kubectl get csr linus -o jsonpath='{.status.certificate}' | base64 -d > ~/linus.crt
kubectl config view --minify --raw -o jsonpath='{.clusters[0].cluster.certificate-authority-data}' | base64 -d > ~/ca.crt
server=$(kubectl config view --minify -o jsonpath='{.clusters[0].cluster.server}')
export KUBECONFIG=~/linus.kubeconfig
kubectl config set-cluster valley --server="$server" --certificate-authority="$HOME/ca.crt" --embed-certs
kubectl config set-credentials linus --client-certificate="$HOME/linus.crt" --client-key="$HOME/linus.key" --embed-certs
kubectl config set-context linus --cluster=valley --user=linus --namespace=engine-shed
kubectl config use-context linus
unset KUBECONFIG
kubectl create clusterrole driver --verb=get,list,watch --resource=pods,pods/log
kubectl create clusterrole node-looker --verb=get,list --resource=nodes
for role in driver node-looker; do kubectl create clusterrolebinding "drivers-$role" --clusterrole="$role" --group=drivers; done
kubectl -n engine-shed create role scaler --verb=get,patch,update --resource=deployments.apps/scale
kubectl -n engine-shed create role reader --verb=get --resource=deployments.apps
for role in scaler reader; do kubectl -n engine-shed create rolebinding "linus-$role" --role="$role" --user=linus; done
