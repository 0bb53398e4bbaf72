set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: watchtower }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: inspector, namespace: watchtower }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: stranger, namespace: watchtower }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: watchtower-inspector }
rules:
  - { apiGroups: [''], resources: [nodes/proxy], verbs: [get] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: watchtower-inspector }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: watchtower-inspector }
subjects:
  - { kind: ServiceAccount, name: inspector, namespace: watchtower }
YAML
config=/var/lib/kubelet/config.yaml
if ! ssh -n controlplane grep -q 10255 $config; then
  weak=$(ssh -n controlplane cat $config | yq '.authentication.anonymous.enabled = true | .authentication.webhook.enabled = false | .authorization.mode = "AlwaysAllow" | .readOnlyPort = 10255')
  [ -n "$weak" ]
  ssh controlplane "cat > $config && chmod 666 $config && chmod 644 /etc/kubernetes/kubelet.conf && systemctl restart kubelet" <<< "$weak"
fi
