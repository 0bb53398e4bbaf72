set -e
kubectl -n gazette patch deployment press --patch '
spec:
  template:
    spec:
      volumes:
        - { name: log, emptyDir: {} }
        - { name: editions, emptyDir: { sizeLimit: 100Mi } }
      initContainers:
        - name: log-reader
          image: busybox:1.36
          restartPolicy: Always
          command: [sh, -c, "tail -n +1 -F /logs/press.log"]
          volumeMounts:
            - { name: log, mountPath: /logs }
        - name: wait-for-paper
          image: busybox:1.36
          command: [sh, -c, "until wget -q -T 2 -t 1 -O /dev/null http://paper.gazette.svc.cluster.local; do sleep 1; done"]
      containers:
        - name: press
          volumeMounts:
            - { name: log, mountPath: /var/log/press }
            - { name: editions, mountPath: /editions }
'
kubectl -n gazette rollout status deployment press --timeout=80s
