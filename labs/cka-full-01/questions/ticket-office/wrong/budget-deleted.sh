set -e
kubectl -n ticketing delete poddisruptionbudget clerk
kubectl drain controlplane --ignore-daemonsets --delete-emptydir-data --force --timeout=90s
kubectl -n kube-system rollout status deployment coredns --timeout=80s
