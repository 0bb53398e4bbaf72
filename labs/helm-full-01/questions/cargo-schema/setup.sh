set -e
here=${BASH_SOURCE[0]%/*}
rm -rf /home/candidate/cargo
cp -r "$here/chart" /home/candidate/cargo
chown -R candidate:candidate /home/candidate/cargo
kubectl create namespace docks --dry-run=client -o yaml | kubectl apply -f -
