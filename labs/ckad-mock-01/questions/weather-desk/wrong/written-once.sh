set -e
kubectl apply -f - << 'YAML'
apiVersion: v1
kind: Pod
metadata: { name: weather-desk, namespace: tundra }
spec:
  terminationGracePeriodSeconds: 2
  volumes: [{ name: reports, emptyDir: {} }]
  initContainers:
    - name: prepare
      image: busybox:1.36
      command: ['sh', '-c', 'echo tundra-north > /work/station']
      volumeMounts: [{ name: reports, mountPath: /work }]
    - name: reporter
      image: busybox:1.36
      command: ['sh', '-c', 'echo "$(cat /work/station) $(date)" > /work/index.html']
      volumeMounts: [{ name: reports, mountPath: /work }]
  containers:
    - name: web
      image: nginx:1.27
      volumeMounts: [{ name: reports, mountPath: /usr/share/nginx/html, readOnly: true }]
YAML
kubectl -n tundra wait --for=condition=Ready pod/weather-desk --timeout=60s
