set -e
kubectl -n quay get deployment sonar -o json | jq '{apiVersion, kind, metadata: {name: "sonar", namespace: "seabed"}, spec}' | kubectl apply -f -
kubectl -n quay delete deployment sonar
kubectl label namespace seabed pod-security.kubernetes.io/enforce=privileged pod-security.kubernetes.io/warn=baseline
kubectl label namespace quay pod-security.kubernetes.io/enforce=restricted
kubectl -n quay patch deployment crane --patch '
spec:
  template:
    spec:
      hostPID: null
      securityContext: { runAsNonRoot: true, runAsUser: 101, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: crane
          securityContext:
            runAsUser: 101
            allowPrivilegeEscalation: false
            capabilities: { add: null, drop: [ALL] }
'
kubectl -n seabed rollout status deployment sonar --timeout=80s
