set -e
here=${BASH_SOURCE[0]%/*}
export HELM_CONFIG_HOME=/tmp/.ckx-helm/config HELM_CACHE_HOME=/tmp/.ckx-helm/cache HELM_DATA_HOME=/tmp/.ckx-helm/data
kubectl apply --validate=false -f "$here/definition.yaml"
charts=/home/candidate/charts
rm -rf /home/candidate/depot
mkdir -p "$charts" /home/candidate/depot
helm package "$here/turntable" --destination "$charts" > /dev/null
helm package "$here/turntable" --version 2.1.0 --destination "$charts" > /dev/null
cp -r "$here/depot" /home/candidate/depot/base
chown -R candidate:candidate "$charts" /home/candidate/depot
kubectl wait --for=condition=Established crd/tracks.rail.example.com --timeout=20s > /dev/null
# The definition is known a moment before the API server serves what it defines.
until kubectl apply --validate=false -f - 2> /tmp/ckx-track << 'YAML'; do sleep 0.3; done
apiVersion: rail.example.com/v1
kind: Track
metadata: { name: siding, namespace: default }
spec: { length: 3 }
YAML
