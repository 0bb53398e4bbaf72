set -e
kubectl label namespace quay pod-security.kubernetes.io/warn=restricted
kubectl -n quay patch deployment crane --patch '
spec:
  template:
    spec:
      hostPID: null
      securityContext: { runAsNonRoot: true, runAsUser: 101, seccompProfile: { type: RuntimeDefault } }
      initContainers:
        - name: rig
          securityContext:
            allowPrivilegeEscalation: false
            capabilities: { drop: [ALL] }
      containers:
        - name: crane
          securityContext:
            runAsUser: 101
            allowPrivilegeEscalation: false
            capabilities: { add: null, drop: [ALL] }
'
kubectl -n quay rollout status deployment crane --timeout=80s
