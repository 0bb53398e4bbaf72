set -e
kubectl -n loft create serviceaccount pigeon
kubectl -n loft patch serviceaccount pigeon -p '{"automountServiceAccountToken": false}'
kubectl -n loft patch serviceaccount default -p '{"automountServiceAccountToken": false}'
kubectl -n loft delete rolebinding everybody
kubectl -n loft patch deployment pigeon --patch '
spec:
  template:
    spec:
      serviceAccountName: pigeon
      volumes:
        - name: letter
          projected:
            sources:
              - serviceAccountToken: { path: token, expirationSeconds: 900 }
      containers:
        - name: pigeon
          volumeMounts:
            - { name: letter, mountPath: /var/run/loft, readOnly: true }
'
kubectl -n loft rollout status deployment pigeon --timeout=80s
