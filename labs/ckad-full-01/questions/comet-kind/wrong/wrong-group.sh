set -e
kubectl apply -f - << 'YAML'
apiVersion: sky.example.com/v1
kind: Comet
metadata: { name: halley, namespace: sky }
spec: { orbit: { periodYears: 76 }, magnitude: 2, visibility: Visible, discoverer: Edmond Halley }
YAML
sed -i "s/periodYears: '3'/periodYears: 3/; s/visibility: seen/visibility: Hidden/; /discoverer/d" ~/encke.yaml
kubectl apply -f ~/encke.yaml
printf 'encke\nhale-bopp\nhalley\ntempel\n' > ~/bright-comets.txt
kubectl apply -f - << 'YAML'
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: observer, namespace: sky }
rules: [{ apiGroups: [''], resources: [comets], verbs: [get, list, watch] }]
YAML
kubectl -n sky create rolebinding observer --role=observer --serviceaccount=sky:observer
