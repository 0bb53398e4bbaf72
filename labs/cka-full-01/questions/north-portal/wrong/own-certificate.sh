set -e
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=rail.example.com -keyout own.key -out own.crt 2> /dev/null
kubectl -n portal create secret tls rail-tls --cert=own.crt --key=own.key
kubectl -n portal create ingress north \
  --rule='rail.example.com/times*=timetable:http,tls=rail-tls' \
  --rule='rail.example.com/buy*=tickets:sales,tls=rail-tls' \
  --rule='rail.example.com/buy/when=timetable:80,tls=rail-tls'
kubectl -n portal patch ingress south -p '{"spec": {"ingressClassName": "nginx"}}'
for name in timetable tickets; do kubectl -n portal rollout status deployment "$name" --timeout=80s; done
