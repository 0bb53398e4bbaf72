set -e
ssh -n root@controlplane "set -e
  cp /etc/kubernetes/manifests/night-scheduler.yaml /root/night-scheduler.yaml
  sed -i 's#schedulers.conf#scheduler.conf#; s#secure-port=10259#secure-port=10260#' /root/night-scheduler.yaml
  cp /root/night-scheduler.yaml /etc/kubernetes/manifests/night-scheduler.yaml"
until kubectl -n kube-system get pod night-scheduler-controlplane | grep -q '1/1'; do sleep 1; done
sleep 3
