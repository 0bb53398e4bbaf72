set -e
here=${BASH_SOURCE[0]%/*}
rm -rf /home/candidate/mill
cp -r "$here/charts/mill" /home/candidate/mill
chown -R candidate:candidate /home/candidate/mill
kubectl create namespace mill --dry-run=client -o yaml | kubectl apply -f -
