set -e
kubectl -n observatory get pods
until kubectl -n observatory logs deploy/camera --tail=1 2> /dev/null | grep code > ~/camera-last-words.txt; do sleep 1; done
kubectl -n observatory set image deployment dome dome=nginx:1.27
kubectl -n observatory set env deployment camera SETTINGS=/etc/kamera
kubectl -n observatory patch deployment tracker --type=json -p '[
  {"op": "remove", "path": "/spec/template/spec/nodeSelector"},
  {"op": "replace", "path": "/spec/template/spec/containers/0/resources/requests/cpu", "value": "100m"}]'
for name in dome camera tracker; do kubectl -n observatory rollout status deployment "$name" --timeout=80s; done
