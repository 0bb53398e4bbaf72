set -e
ssh -n root@controlplane 'systemctl stop forge-status.service'
ssh -n root@controlplane 'gpasswd -d smith sudo'
ssh root@controlplane 'mkdir -p /var/lib/kubelet/seccomp/forge && cat > /var/lib/kubelet/seccomp/forge/no-links.json' << 'JSON'
{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["link", "linkat", "symlink", "symlinkat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1 }] }
JSON
kubectl -n forge patch deployment anvil -p '{"spec": {"template": {"spec": {"securityContext": {"seccompProfile": {"type": "Localhost", "localhostProfile": "forge/no-links.json"}}}}}}'
kubectl -n forge patch deployment bellows --patch '
spec:
  template:
    spec:
      securityContext: { seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: bellows
          securityContext: { seccompProfile: null }
'
kubectl -n forge rollout status deployment anvil --timeout=80s
kubectl -n forge rollout status deployment bellows --timeout=80s
