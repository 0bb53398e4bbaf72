set -e
ssh -n root@controlplane 'systemctl disable --now forge-status.service && systemctl mask forge-status.service || rm -f /etc/systemd/system/forge-status.service'
ssh -n root@controlplane 'gpasswd -d smith sudo; rm /etc/sudoers.d/90-forge'
ssh root@controlplane 'mkdir -p /var/lib/kubelet/seccomp/forge && cat > /var/lib/kubelet/seccomp/forge/no-links.json' << 'JSON'
{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["symlink", "symlinkat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1 }] }
JSON
kubectl -n forge patch deployment anvil -p '{"spec": {"template": {"spec": {"securityContext": {"seccompProfile": {"type": "Localhost", "localhostProfile": "forge/no-links.json"}}}}}}'
kubectl -n forge rollout status deployment anvil --timeout=80s
kubectl -n forge rollout status deployment bellows --timeout=80s
