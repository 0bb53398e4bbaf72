set -e
kubectl -n portal create secret tls rail-tls --cert="$HOME/rail.crt" --key="$HOME/rail.key"
kubectl -n portal create ingress north --class=nginx \
  --rule='rail.example.com/times*=timetable:80,tls=rail-tls' \
  --rule='rail.example.com/buy*=tickets:8080,tls=rail-tls' \
  --rule='rail.example.com/buy/when=timetable:80,tls=rail-tls'
kubectl -n portal patch ingress south --type=json -p '[
  {"op": "replace", "path": "/spec/ingressClassName", "value": "nginx"},
  {"op": "replace", "path": "/spec/rules/0/http/paths/0/backend/service/port/number", "value": 8080}]'
for name in timetable tickets; do kubectl -n portal rollout status deployment "$name" --timeout=80s; done
