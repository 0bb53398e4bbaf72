set -e
kubectl -n citadel create serviceaccount warden
kubectl apply -f - << 'YAML'
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: warden, namespace: citadel }
rules:
  - { apiGroups: [''], resources: [pods], verbs: [get, list, watch] }
  - { apiGroups: [apps], resources: [deployments, deployments/scale], verbs: [get, patch] }
  - { apiGroups: [''], resources: [secrets], verbs: [get] }
YAML
kubectl -n citadel create rolebinding warden --role=warden --serviceaccount=citadel:warden
kubectl -n citadel set serviceaccount deployment warden warden
kubectl -n citadel patch deployment gate --patch '
spec:
  template:
    spec:
      securityContext: { runAsUser: 101, runAsGroup: 101, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: gate
          securityContext:
            allowPrivilegeEscalation: false
            capabilities: { drop: [ALL] }
'
kubectl -n citadel rollout status deployment warden --timeout=80s
