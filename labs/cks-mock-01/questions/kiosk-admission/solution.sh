set -e
kubectl label namespace kiosk pod-security.kubernetes.io/enforce=restricted pod-security.kubernetes.io/enforce-version=v1.34
kubectl label namespace workshop pod-security.kubernetes.io/enforce=baseline pod-security.kubernetes.io/warn=restricted
kubectl -n kiosk patch deployment kiosk --patch '
spec:
  template:
    spec:
      hostPID: null
      securityContext:
        runAsNonRoot: true
        runAsUser: 101
        fsGroup: 101
        seccompProfile: { type: RuntimeDefault }
      volumes:
        - { name: work, hostPath: null, emptyDir: {} }
      containers:
        - name: kiosk
          securityContext:
            allowPrivilegeEscalation: false
            capabilities: { add: null, drop: [ALL] }
'
kubectl -n kiosk rollout status deployment kiosk --timeout=80s
