set -e
kubectl -n mill rollout status deployment sieve --timeout=80s
echo "sieve $(kubectl -n mill exec deploy/sieve -- sha256sum /bin/sleep | cut -d' ' -f1)" > ~/intruder.txt
kubectl -n mill delete pod -l app=sieve
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
kubectl -n mill rollout status deployment sieve --timeout=80s
