set -e
kubectl apply -f - << 'YAML'
apiVersion: batch/v1
kind: Job
metadata: { name: close-books, namespace: ledger }
spec:
  completions: 3
  parallelism: 6
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
YAML
kubectl -n ledger create cronjob daily-ledger --image=busybox:1.36 --schedule='30 2 * * *' -- sh -c 'echo ledger of north-bank'
kubectl -n ledger patch cronjob daily-ledger -p '{"spec": {"concurrencyPolicy": "Replace", "timeZone": "UTC"}}'
kubectl -n ledger create job daily-ledger-now --image=busybox:1.36 -- sh -c 'echo ledger of north-bank'
kubectl -n ledger patch cronjob night-audit -p '{"spec": {"suspend": true}}'
kubectl -n ledger wait --for=condition=Complete job/close-books job/daily-ledger-now --timeout=80s
