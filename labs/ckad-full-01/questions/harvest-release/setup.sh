set -e
here=${BASH_SOURCE[0]%/*}
. "$here/../../helm.sh"
charts=/home/candidate/charts
mkdir -p "$charts"
helm package "$here/charts/barn" --destination "$charts" > /dev/null
helm package "$here/charts/barn" --version 0.3.0 --app-version 1.28 --destination "$charts" > /dev/null
chown -R candidate:candidate "$charts"
for name in barn scarecrow; do helm uninstall "$name" -n harvest --ignore-not-found > /dev/null 2>&1; done
helm install barn "$charts/barn-0.2.0.tgz" -n harvest --create-namespace --set crop=oats > /dev/null
# A port that no Service can have: the release fails at once.
helm install scarecrow "$charts/barn-0.2.0.tgz" -n harvest --set port=70000 > /dev/null 2>&1 || true
kubectl -n harvest create configmap scarecrow-hat --from-literal=straw=yes --dry-run=client -o yaml | kubectl apply -f - > /dev/null
