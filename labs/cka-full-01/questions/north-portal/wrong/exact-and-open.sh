set -e
kubectl -n portal create ingress north --class=nginx \
  --rule='rail.example.com/times=timetable:80' --rule='rail.example.com/buy=tickets:8080' --rule='rail.example.com/buy/when=timetable:80'
kubectl -n portal delete ingress south
kubectl -n portal create ingress south --class=nginx --rule='south.example.com/*=tickets:sales'
for name in timetable tickets; do kubectl -n portal rollout status deployment "$name" --timeout=80s; done
