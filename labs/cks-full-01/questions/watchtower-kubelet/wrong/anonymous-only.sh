set -e
scp -q root@controlplane:/var/lib/kubelet/config.yaml kubelet-config.yaml
yq -i '.authentication.anonymous.enabled = false' kubelet-config.yaml
scp -q kubelet-config.yaml root@controlplane:/var/lib/kubelet/config.yaml
ssh -n root@controlplane 'systemctl restart kubelet; timeout 60 bash -c "until curl -sf http://127.0.0.1:10248/healthz; do sleep 1; done"'
kubectl wait --for=condition=Ready node/controlplane --timeout=60s
