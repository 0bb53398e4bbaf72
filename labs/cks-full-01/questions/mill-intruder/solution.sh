set -e
kubectl -n mill rollout status deployment sieve --timeout=80s
for ((i = 0; i < 30; i++)); do
  found=$(ssh -n root@controlplane 'for p in /proc/[0-9]*; do case $(readlink $p/exe) in *kmilld*deleted*) echo ${p#/proc/}; break;; esac; done')
  [ -z "$found" ] || break
  sleep 1
done
id=$(ssh -n root@controlplane "grep -oE '[0-9a-f]{64}' /proc/$found/cgroup | tail -n 1")
name=$(ssh -n root@controlplane crictl inspect "$id" | jq -r .status.metadata.name)
sum=$(ssh -n root@controlplane sha256sum "/proc/$found/exe" | cut -d" " -f1)
echo "$name $sum" > ~/intruder.txt
kubectl -n mill scale deployment "$name" --replicas=0
kubectl -n mill wait --for=delete pod -l app="$name" --timeout=60s
kubectl -n mill patch deployment millstone --patch '
spec:
  template:
    spec:
      volumes:
        - { name: mill, emptyDir: {} }
      containers:
        - name: millstone
          securityContext: { readOnlyRootFilesystem: true }
          volumeMounts:
            - { name: mill, mountPath: /var/run/mill }
'
kubectl -n mill patch deployment sacks -p '{"spec": {"template": {"spec": {"containers": [{"name": "sacks", "securityContext": {"readOnlyRootFilesystem": true}}]}}}}'
kubectl -n mill rollout status deployment millstone --timeout=80s
kubectl -n mill rollout status deployment sacks --timeout=80s
