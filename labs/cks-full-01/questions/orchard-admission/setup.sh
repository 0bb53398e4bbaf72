set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: orchard, labels: { supply: checked } }
---
apiVersion: v1
kind: Namespace
metadata: { name: wilds, labels: { supply: unchecked } }
YAML
