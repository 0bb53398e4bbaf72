set -e
kubectl apply -f - << 'YAML'
apiVersion: batch/v1
kind: Job
metadata: { name: close-books, namespace: ledger }
spec:
  completions: 6
  parallelism: 3
  completionMode: Indexed
  backoffLimit: 2
  activeDeadlineSeconds: 90
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: books
          image: busybox:1.36
          command: [sh, -c, 'echo "closing book $JOB_COMPLETION_INDEX"; sleep 1']
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: daily-ledger, namespace: ledger }
spec:
  schedule: '30 2 * * *'
  timeZone: UTC
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: 100
  successfulJobsHistoryLimit: 2
  failedJobsHistoryLimit: 1
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: ledger
              image: busybox:1.36
              command: [sh, -c, 'echo "ledger of $BRANCH"']
              env:
                - name: BRANCH
                  valueFrom: { configMapKeyRef: { name: branches, key: main } }
YAML
kubectl -n ledger create job daily-ledger-now --from=cronjob/daily-ledger
kubectl -n ledger patch cronjob night-audit -p '{"spec": {"suspend": true}}'
kubectl -n ledger wait --for=condition=Complete job/close-books job/daily-ledger-now --timeout=80s
