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
        - name: log
          emptyDir: {}
        - name: editions
          persistentVolumeClaim: { claimName: editions }
      initContainers:
        - name: wait-for-paper
          image: busybox:1.36
          command: [sh, -c, "until wget -q -T 2 -t 1 -O /dev/null http://paper; do sleep 1; done"]
        - name: log-reader
          image: busybox:1.36
          restartPolicy: Always
          command: [sh, -c, "tail -n +1 -F /var/log/press/press.log"]
          volumeMounts:
            - { name: log, mountPath: /var/log/press }
      containers:
        - name: press
          volumeMounts:
            - { name: log, mountPath: /var/log/press }
            - { name: editions, mountPath: /editions }
'
kubectl -n gazette rollout status deployment press --timeout=80s
