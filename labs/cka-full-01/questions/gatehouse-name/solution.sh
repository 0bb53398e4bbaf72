set -e
ssh -n root@controlplane 'set -e
  address=$(kubectl get node controlplane -o jsonpath="{.status.addresses[?(@.type==\"InternalIP\")].address}")
  kubectl -n kube-system get configmap kubeadm-config -o jsonpath="{.data.ClusterConfiguration}" | sed "s/^  certSANs:.*/&\n  - gatehouse.valley.example/" > /root/kubeadm.yaml
  cat >> /root/kubeadm.yaml << YAML
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
localAPIEndpoint: {advertiseAddress: $address, bindPort: 6443}
nodeRegistration: {name: controlplane, criSocket: unix:///run/containerd/containerd.sock}
YAML
  mkdir -p /root/before
  mv /etc/kubernetes/pki/apiserver.crt /etc/kubernetes/pki/apiserver.key /root/before/
  kubeadm init phase certs apiserver --config /root/kubeadm.yaml
  kubeadm certs renew apiserver-kubelet-client'
until ssh -n root@controlplane 'curl -sf -o /dev/null --cacert /etc/kubernetes/pki/ca.crt --resolve gatehouse.valley.example:6443:127.0.0.1 https://gatehouse.valley.example:6443/version'; do
  [ "$SECONDS" -lt 100 ]
  sleep 1
done
