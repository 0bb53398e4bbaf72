set -e
kubectl -n transit patch service timetable -p '{"spec": {"selector": {"app": "timetable"}}}'
kubectl -n transit expose deployment tickets --name=tickets-public --type=NodePort --port=8080 --target-port=80
kubectl -n transit patch service tickets-public --type=json -p '[{"op": "replace", "path": "/spec/ports/0/nodePort", "value": 30081}]'
kubectl -n transit expose deployment tickets --name=tickets-peers --port=80
