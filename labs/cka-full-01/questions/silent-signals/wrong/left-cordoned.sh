set -e
ssh -n root@node02 "set -e
  sed -i 's#^\( *clientCAFile:\).*#\1 /etc/kubernetes/pki/ca.crt#' /var/lib/kubelet/config.yaml
  sed -i 's#:6643#:6443#' /etc/kubernetes/kubelet.conf
  systemctl enable --now kubelet"
kubectl -n signals rollout status daemonset signal --timeout=100s
kubectl wait --for=condition=Ready node/node02 --timeout=60s
