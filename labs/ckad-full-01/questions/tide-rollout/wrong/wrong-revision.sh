set -e
kubectl -n tide rollout undo deployment tide-table --to-revision=1
kubectl -n tide patch deployment tide-table -p '{"spec": {"revisionHistoryLimit": 3, "strategy": {"rollingUpdate": {"maxUnavailable": 0, "maxSurge": 2}}}}'
kubectl -n tide set image deployment tide-table web=nginx:1.28
kubectl -n tide annotate deployment tide-table kubernetes.io/change-cause='nginx 1.28'
kubectl -n tide rollout status deployment tide-table --timeout=90s
