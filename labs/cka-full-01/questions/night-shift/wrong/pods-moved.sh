set -e
ssh -n root@controlplane 'mv /etc/kubernetes/manifests/night-scheduler.yaml /root/'
kubectl -n night-shift patch deployment watch -p '{"spec": {"template": {"spec": {"schedulerName": "default-scheduler"}}}}'
kubectl -n night-shift rollout status deployment watch --timeout=80s
