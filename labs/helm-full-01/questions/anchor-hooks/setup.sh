set -e
here=${BASH_SOURCE[0]%/*}
rm -rf /home/candidate/ship
cp -r "$here/chart" /home/candidate/ship
chown -R candidate:candidate /home/candidate/ship
kubectl create namespace anchor --dry-run=client -o yaml | kubectl apply -f -
