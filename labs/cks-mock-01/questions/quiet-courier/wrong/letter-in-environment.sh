set -e
ssh -n root@controlplane 'mkdir -p /var/lib/kubelet/seccomp/profiles'
scp ~/no-chmod.json root@controlplane:/var/lib/kubelet/seccomp/profiles/no-chmod.json
kubectl -n courier patch deployment courier --patch '
spec:
  template:
    spec:
      securityContext:
        seccompProfile: { type: Localhost, localhostProfile: profiles/no-chmod.json }
      volumes:
        - name: letter
          secret: { secretName: sealed, defaultMode: 0400 }
      containers:
        - name: courier
          env:
            - { name: LETTER_FILE, value: /run/letter/letter }
          volumeMounts:
            - { name: letter, mountPath: /run/letter, readOnly: true }
'
kubectl -n courier rollout status deployment courier --timeout=80s
