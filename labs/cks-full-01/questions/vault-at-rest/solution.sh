set -e
# edit MARK EXPRESSION: changes the manifest of the API server, then waits until one runs with MARK among its flags, and answers.
edit() {
  scp -q root@controlplane:/etc/kubernetes/manifests/kube-apiserver.yaml apiserver.yaml
  yq -i "$2" apiserver.yaml
  scp -q apiserver.yaml root@controlplane:/etc/kubernetes/kube-apiserver.new
  ssh -n root@controlplane mv /etc/kubernetes/kube-apiserver.new /etc/kubernetes/manifests/kube-apiserver.yaml
  for ((i = 0; i < 150; i++)); do
    if ssh -n root@controlplane pgrep -xa kube-apiserver | grep -qe "$1" && kubectl get --raw /readyz > /dev/null 2>&1; then break; fi
    sleep 1
  done
  ssh -n root@controlplane pgrep -xa kube-apiserver | grep -qe "$1"
  kubectl wait --for=condition=Ready node/controlplane --timeout=60s
}
ssh root@controlplane 'umask 077; mkdir -p /etc/kubernetes/encryption; cat > /etc/kubernetes/encryption/config.yaml' << YAML
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
  - resources: [secrets]
    providers:
      - secretbox: { keys: [{ name: first, secret: "$(head -c 32 /dev/urandom | base64)" }] }
      - identity: {}
YAML
edit --encryption-provider-config '.spec.containers[0].command += ["--encryption-provider-config=/etc/kubernetes/encryption/config.yaml"] |
  .spec.containers[0].volumeMounts += [{"name": "encryption", "mountPath": "/etc/kubernetes/encryption", "readOnly": true}] |
  .spec.volumes += [{"name": "encryption", "hostPath": {"path": "/etc/kubernetes/encryption", "type": "Directory"}}]'
kubectl -n vault get secrets -o json | kubectl replace -f -
