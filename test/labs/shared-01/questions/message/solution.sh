set -e
kubectl create configmap copy --from-literal=text="$(kubectl get configmap given -o jsonpath='{.data.text}')"
kubectl apply -f - << 'YAML'
apiVersion: v1
kind: Pod
metadata: { name: printer }
spec:
  securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: RuntimeDefault } }
  containers:
    - name: main
      image: busybox:1.36
      command: [sh, -c, 'echo "$TEXT"; sleep 3600']
      env: [{ name: TEXT, valueFrom: { configMapKeyRef: { name: copy, key: text } } }]
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
YAML
kubectl wait --for=condition=Ready pod/printer --timeout=60s
