set -e
here=${BASH_SOURCE[0]%/*}
. "$here/../../helm.sh"
rm -rf /home/candidate/tug
cp -r "$here/chart" /home/candidate/tug
chown -R candidate:candidate /home/candidate/tug
helm uninstall tug -n tug --ignore-not-found > /dev/null 2>&1
helm install tug "$here/chart" -n tug --create-namespace --set name=Hercules > /dev/null
helm upgrade tug "$here/chart" -n tug --set name=Hercules,strength=700 > /dev/null
# What a client leaves behind that dies in the middle of an upgrade: a revision that is still pending.
kubectl -n tug get secret sh.helm.release.v1.tug.v2 -o json | jq -r .data.release | base64 -d | base64 -d | gunzip |
  jq -c '.version = 3 | .info.status = "pending-upgrade" | .info.description = "Preparing upgrade" | .config.strength = 900' | gzip -n | base64 -w0 > /tmp/tug-v3
kubectl -n tug create secret generic sh.helm.release.v1.tug.v3 --type=helm.sh/release.v1 --from-file=release=/tmp/tug-v3 --dry-run=client -o yaml | kubectl apply -f -
kubectl -n tug label secret sh.helm.release.v1.tug.v3 name=tug owner=helm status=pending-upgrade version=3 --overwrite
rm /tmp/tug-v3
