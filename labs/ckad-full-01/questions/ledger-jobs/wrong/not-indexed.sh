set -e
kubectl apply -f - << 'YAML'
apiVersion: batch/v1
kind: Job
metadata: { name: close-books, namespace: ledger }
spec:
  completions: 6
  parallelism: 3
  backoffLimit: 2
  template:
    spec:
      restartPolicy: Never
      activeDeadlineSeconds: 90
      containers:
        - name: books
          image: busybox:1.36
          command: [sh, -c, 'echo "closing book $JOB_COMPLETION_INDEX"; sleep 1']
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: daily-ledger, namespace: ledger }
spec:
  schedule: '30 02 * * *'
  timeZone: UTC
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: 100
  successfulJobsHistoryLimit: 2
  failedJobsHistoryLimit: 1
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers:
            - name: ledger
              image: busybox:1.36
              command: [sh, -c, 'echo ledger of $main']
              envFrom: [{ configMapRef: { name: branches } }]
YAML
kubectl -n ledger create job daily-ledger-now --from=cronjob/daily-ledger
kubectl -n ledger delete cronjob night-audit
kubectl -n ledger wait --for=condition=Complete job/close-books job/daily-ledger-now --timeout=80s
