set -e
kubectl -n observatory set image deployment dome dome=nginx:1.27
kubectl -n observatory set env deployment camera SETTINGS=/etc/kamera
kubectl label nodes --all motor=precise
kubectl -n observatory set resources deployment tracker --requests=cpu=100m,memory=64Mi
echo 'Back-off restarting failed container camera' > ~/camera-last-words.txt
for name in dome camera tracker; do kubectl -n observatory rollout status deployment "$name" --timeout=80s; done
