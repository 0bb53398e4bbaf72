set -e
scp -q root@controlplane:/var/lib/kubelet/config.yaml kubelet-config.yaml
yq -i '.authentication.anonymous.enabled = false | .authentication.webhook.enabled = true | .authorization.mode = "Webhook" | .readOnlyPort = 0' kubelet-config.yaml
scp -q kubelet-config.yaml root@controlplane:/var/lib/kubelet/config.yaml
ssh -n root@controlplane 'chmod 600 /var/lib/kubelet/config.yaml /etc/kubernetes/kubelet.conf; systemctl restart kubelet'
ssh -n root@controlplane 'timeout 60 bash -c "until curl -sf http://127.0.0.1:10248/healthz; do sleep 1; done"'
kubectl wait --for=condition=Ready node/controlplane --timeout=60s
