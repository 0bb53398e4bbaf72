set -e
ssh -n root@controlplane "sed -i 's/64Mib/64Mi/' /etc/kubernetes/manifests/beacon.yaml"
kubectl -n coast create secret generic siren-code --from-literal=word=fog
# The kubelet looks at a container that lacked its secret once more only after a minute or two.
kubectl -n coast rollout restart deployment siren
kubectl -n coast patch service siren -p '{"spec": {"selector": {"app": "siren"}, "ports": [{"port": 80, "targetPort": 80}]}}'
kubectl -n coast delete pvc keeper-book --wait=false
kubectl -n coast scale deployment keeper --replicas=0
kubectl -n coast wait --for=delete pvc/keeper-book --timeout=40s
kubectl apply -f - << 'YAML'
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: keeper-book, namespace: coast }
spec:
  accessModes: [ReadWriteOnce]
  resources: { requests: { storage: 50Mi } }
YAML
kubectl -n coast scale deployment keeper --replicas=1
kubectl -n coast rollout status deployment siren --timeout=170s
kubectl -n coast rollout status deployment keeper --timeout=170s
until kubectl -n coast get pods | grep '^beacon.*1/1'; do sleep 1; done
