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
ssh root@controlplane 'mkdir -p /etc/kubernetes/authentication; cat > /etc/kubernetes/authentication/config.yaml' << 'YAML'
apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
anonymous:
  enabled: true
  conditions: [{ path: /livez }, { path: /readyz }, { path: /healthz }, { path: /version }]
YAML
edit --profiling=false '.spec.containers[0].command += ["--profiling=false", "--tls-min-version=VersionTLS12", "--authentication-config=/etc/kubernetes/authentication/config.yaml"] |
  .spec.containers[0].volumeMounts += [{"name": "authentication", "mountPath": "/etc/kubernetes/authentication", "readOnly": true}] |
  .spec.volumes += [{"name": "authentication", "hostPath": {"path": "/etc/kubernetes/authentication", "type": "Directory"}}]'
