set -e
kubectl -n kube-system get configmap kubeadm-config -o json |
  jq '.data.ClusterConfiguration |= sub("  certSANs:"; "  certSANs:\n  - gatehouse.valley.example")' | kubectl apply -f -
ssh -n root@controlplane 'kubeadm certs renew apiserver && kubeadm certs renew apiserver-kubelet-client'
