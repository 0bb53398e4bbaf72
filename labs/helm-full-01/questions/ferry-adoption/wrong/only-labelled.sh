set -e
kubectl -n ferry label configmap timetable app.kubernetes.io/managed-by=Helm
kubectl -n ferry annotate configmap timetable meta.helm.sh/release-name=ferry meta.helm.sh/release-namespace=ferry
helm install ferry ~/ferry --namespace ferry
kubectl -n ferry annotate configmap logbook helm.sh/resource-policy=keep
helm -n ferry uninstall raft --keep-history
