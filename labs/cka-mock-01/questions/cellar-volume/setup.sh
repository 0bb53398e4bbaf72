set -e
. "${BASH_SOURCE[0]%/*}/../../node.sh"
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: vintner }
YAML
on_node 'mkdir -p /srv/barrels && echo "riesling of 2021" > /srv/barrels/wine.txt && chmod -R a+rX /srv/barrels' < /dev/null
