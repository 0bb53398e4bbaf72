set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: ledger }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: branches, namespace: ledger }
data:
  main: north-bank
  second: south-bank
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: night-audit, namespace: ledger }
spec:
  schedule: '*/20 * * * *'
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          terminationGracePeriodSeconds: 1
          containers:
            - name: audit
              image: busybox:1.36
              imagePullPolicy: IfNotPresent
              command: [sh, -c, 'echo auditing; sleep 5']
YAML
