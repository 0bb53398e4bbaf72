set -e
here=${BASH_SOURCE[0]%/*}
. "$here/../../helm.sh"
lamp=/home/candidate/lamp
rm -rf "$lamp"
cp -r "$here/chart" "$lamp"
helm uninstall lamp -n lamp --ignore-not-found > /dev/null 2>&1
helm install lamp "$lamp" -n lamp --create-namespace --set colour=red > /dev/null
# Since then somebody has made the number of replicas a string, which the API server refuses.
sed -i 's/replicas: {{ .Values.replicas }}/replicas: {{ .Values.replicas | quote }}/' "$lamp/templates/deployment.yaml"
chown -R candidate:candidate "$lamp"
