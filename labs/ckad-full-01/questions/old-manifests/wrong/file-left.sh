set -e
kubectl -n attic create deployment attic-clock --image=nginx:1.27 --replicas=2
kubectl -n attic create poddisruptionbudget attic-clock --selector=app=attic-clock --min-available=1
kubectl -n attic create cronjob wind-the-clock --image=busybox:1.36 --schedule='0 6 * * 1' -- echo wound
kubectl -n attic create ingress attic-clock --rule=/clock=attic-clock:80
kubectl -n attic rollout status deployment attic-clock --timeout=80s
