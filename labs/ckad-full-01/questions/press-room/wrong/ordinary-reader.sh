set -e
kubectl apply -f - << 'YAML'
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: editions, namespace: gazette }
spec:
  accessModes: [ReadWriteOnce]
  resources: { requests: { storage: 100Mi } }
YAML
kubectl -n gazette patch deployment press --patch '
spec:
  template:
    spec:
      volumes:
        - { name: log, emptyDir: {} }
        - { name: editions, persistentVolumeClaim: { claimName: editions } }
      initContainers:
        - name: wait-for-paper
          image: busybox:1.36
          command: [sleep, "2"]
      containers:
        - name: press
          volumeMounts:
            - { name: log, mountPath: /var/log/press }
            - { name: editions, mountPath: /editions }
        - name: log-reader
          image: busybox:1.36
          command: [sh, -c, "tail -n +1 -F /var/log/press/press.log"]
          volumeMounts:
            - { name: log, mountPath: /var/log/press }
'
kubectl -n gazette rollout status deployment press --timeout=80s
