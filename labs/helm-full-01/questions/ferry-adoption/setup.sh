set -e
here=${BASH_SOURCE[0]%/*}
. "$here/../../helm.sh"
rm -rf /home/candidate/ferry
cp -r "$here/chart" /home/candidate/ferry
chown -R candidate:candidate /home/candidate/ferry
kubectl create namespace ferry --dry-run=client -o yaml | kubectl apply -f -
kubectl -n ferry create configmap timetable --from-literal=departures='at dawn' --dry-run=client -o yaml | kubectl apply -f -
# The checks know the object again by its identity, which is kept where no candidate looks.
uid=$(kubectl -n ferry get configmap timetable -o jsonpath='{.metadata.uid}')
kubectl -n kube-system create configmap ckx-ferry-adoption --from-literal=uid="$uid" --dry-run=client -o yaml | kubectl apply -f -
helm upgrade --install raft "$here/raft" -n ferry > /dev/null
