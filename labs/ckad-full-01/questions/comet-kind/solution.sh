set -e
kubectl explain comet.spec --recursive
kubectl apply -f - << 'YAML'
apiVersion: sky.example.com/v1
kind: Comet
metadata: { name: halley, namespace: sky }
spec:
  orbit: { periodYears: 76 }
  magnitude: 2
  visibility: Visible
  discoverer: Edmond Halley
YAML
sed -i "s/periodYears: '3'/periodYears: 3/; s/visibility: seen/visibility: Visible/" ~/encke.yaml
kubectl apply -f ~/encke.yaml
kubectl -n sky get comets -o json | jq -r '.items[] | select(.spec.magnitude < 5) | .metadata.name' | sort > ~/bright-comets.txt
kubectl -n sky create role observer --verb=get,list,watch --resource=comets.sky.example.com
kubectl -n sky create rolebinding observer --role=observer --serviceaccount=sky:observer
