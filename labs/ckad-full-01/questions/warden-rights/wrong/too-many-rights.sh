set -e
kubectl -n citadel create serviceaccount warden
kubectl -n citadel create rolebinding warden --clusterrole=edit --serviceaccount=citadel:warden
kubectl -n citadel set serviceaccount deployment warden warden
kubectl -n citadel patch deployment gate --patch '
spec:
  template:
    spec:
      automountServiceAccountToken: false
      containers:
        - name: gate
          securityContext:
            allowPrivilegeEscalation: false
            capabilities: { drop: [NET_RAW] }
'
kubectl -n citadel rollout status deployment warden --timeout=80s
kubectl -n citadel rollout status deployment gate --timeout=80s
