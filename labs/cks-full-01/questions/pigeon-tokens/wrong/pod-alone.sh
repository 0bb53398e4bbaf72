set -e
kubectl -n loft create serviceaccount pigeon
kubectl -n loft patch deployment pigeon --patch '
spec:
  template:
    spec:
      serviceAccountName: pigeon
      automountServiceAccountToken: false
      volumes:
        - name: letter
          projected:
            sources:
              - serviceAccountToken: { path: token, audience: ledger.loft, expirationSeconds: 900 }
      containers:
        - name: pigeon
          volumeMounts:
            - { name: letter, mountPath: /var/run/loft, readOnly: true }
'
kubectl -n loft rollout status deployment pigeon --timeout=80s
