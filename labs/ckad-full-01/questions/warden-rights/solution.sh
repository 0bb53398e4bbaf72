set -e
kubectl -n citadel create serviceaccount warden
kubectl apply -f - << 'YAML'
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: warden, namespace: citadel }
rules:
  - { apiGroups: [''], resources: [pods], verbs: [get, list, watch] }
  - { apiGroups: [apps], resources: [deployments], verbs: [get] }
  - { apiGroups: [apps], resources: [deployments/scale], verbs: [get, update, patch] }
  - { apiGroups: [''], resources: [secrets], resourceNames: [gate-key], verbs: [get] }
YAML
kubectl -n citadel create rolebinding warden --role=warden --serviceaccount=citadel:warden
kubectl -n citadel set serviceaccount deployment warden warden
kubectl -n citadel patch deployment gate --patch '
spec:
  template:
    spec:
      automountServiceAccountToken: false
      securityContext:
        runAsUser: 101
        runAsGroup: 101
        runAsNonRoot: true
        seccompProfile: { type: RuntimeDefault }
      containers:
        - name: gate
          securityContext:
            allowPrivilegeEscalation: false
            capabilities: { drop: [ALL], add: [NET_BIND_SERVICE] }
'
kubectl -n citadel rollout status deployment warden --timeout=80s
kubectl -n citadel rollout status deployment gate --timeout=80s
