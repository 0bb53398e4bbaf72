set -e
kubectl -n transit delete service timetable
kubectl -n transit expose deployment timetable --port=80 --target-port=8080
kubectl -n transit expose deployment tickets --name=tickets-public --type=NodePort --port=80
kubectl -n transit create service clusterip tickets-peers --clusterip=None --tcp=80
