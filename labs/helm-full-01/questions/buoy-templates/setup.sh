set -e
here=${BASH_SOURCE[0]%/*}
rm -rf /home/candidate/buoys
mkdir -p /home/candidate/buoys/templates
cp "$here/chart/Chart.yaml" "$here/chart/values.yaml" /home/candidate/buoys/
chown -R candidate:candidate /home/candidate/buoys
kubectl create namespace bay --dry-run=client -o yaml | kubectl apply -f -
