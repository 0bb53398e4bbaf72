set -e
here=${BASH_SOURCE[0]%/*}
. "$here/../../node.sh"
# Closed before any Pod of another question finds its way there.
kubectl cordon node02
# Until it is open, the node is still being made; and what runs there already has to move.
until kubectl get node node02 -o json | jq -e 'all(.spec.taints[]?; .key != "ckx/starting")' > /dev/null; do sleep 0.3; done
kubectl get pods -A --field-selector spec.nodeName=node02 -o json |
  jq -r '.items[] | select(any(.metadata.ownerReferences[]?; .kind == "DaemonSet") | not) | "\(.metadata.namespace) \(.metadata.name)"' |
  while read -r namespace pod; do kubectl -n "$namespace" delete pod "$pod" --timeout=20s < /dev/null; done
on_node node02 'set -e
  systemctl disable --now kubelet
  sed -i "s#^\( *clientCAFile:\).*#\1 /etc/kubernetes/pki/kubelet-ca.crt#" /var/lib/kubelet/config.yaml
  sed -i "s#^\( *server: .*\):[0-9]*\$#\1:6643#" /etc/kubernetes/kubelet.conf' < /dev/null
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: signals }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: signal, namespace: signals }
spec:
  selector: { matchLabels: { app: signal } }
  template:
    metadata: { labels: { app: signal } }
    spec:
      terminationGracePeriodSeconds: 1
      nodeSelector: { kubernetes.io/hostname: node02 }
      tolerations: [{ operator: Exists }]
      containers:
        - name: signal
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'echo "line clear" > /usr/share/nginx/html/index.html; exec nginx -g "daemon off;"']
          readinessProbe: { httpGet: { path: /, port: 80 }, periodSeconds: 2 }
YAML
