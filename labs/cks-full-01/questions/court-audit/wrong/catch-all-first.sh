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
ssh root@controlplane 'mkdir -p /etc/kubernetes/audit /var/log/kubernetes/audit; cat > /etc/kubernetes/audit/policy.yaml' << 'YAML'
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - { level: Metadata }
  - { level: None, userGroups: ["system:nodes"] }
  - level: RequestResponse
    namespaces: [court]
    verbs: [create, update, patch, delete]
    resources: [{ group: "", resources: [configmaps] }]
YAML
edit --audit-policy-file '.spec.containers[0].command += ["--audit-policy-file=/etc/kubernetes/audit/policy.yaml", "--audit-log-path=/var/log/kubernetes/audit/audit.log",
    "--audit-log-maxage=7", "--audit-log-maxbackup=3", "--audit-log-maxsize=20"] |
  .spec.containers[0].volumeMounts += [{"name": "audit", "mountPath": "/etc/kubernetes/audit", "readOnly": true}, {"name": "audit-log", "mountPath": "/var/log/kubernetes/audit"}] |
  .spec.volumes += [{"name": "audit", "hostPath": {"path": "/etc/kubernetes/audit", "type": "Directory"}}, {"name": "audit-log", "hostPath": {"path": "/var/log/kubernetes/audit", "type": "DirectoryOrCreate"}}]'
kubectl -n court get secret verdict
