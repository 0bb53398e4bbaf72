set -e
ssh -n root@controlplane "set -e
  cp /etc/kubernetes/manifests/night-scheduler.yaml /root/night-scheduler.yaml
  sed -i 's#schedulers.conf#scheduler.conf#; s#secure-port=10259#secure-port=10260#' /root/night-scheduler.yaml
  sed -i 's#nightly-scheduler#night-scheduler#' /etc/kubernetes/night-scheduler.conf
  cp /root/night-scheduler.yaml /etc/kubernetes/manifests/night-scheduler.yaml"
kubectl -n night-shift rollout status deployment watch --timeout=100s
