set -e
ssh -n root@controlplane "mv /etc/kubernetes/manifests/beacon.yaml /root/"
ssh -n root@controlplane 'cat /root/beacon.yaml' | sed 's/64Mib/64Mi/' | kubectl apply -f -
kubectl -n coast create secret generic siren-code --from-literal=word=fog
kubectl -n coast delete service siren
kubectl -n coast expose deployment siren --port=80
kubectl -n coast get pvc keeper-book -o json | jq '{apiVersion, kind, metadata: {name: .metadata.name, namespace: "coast"}, spec: (.spec | .storageClassName = "local-path")}' > pvc.json
kubectl -n coast delete pvc keeper-book --wait=false
kubectl -n coast delete pod -l app=keeper --wait=false
kubectl -n coast wait --for=delete pvc/keeper-book --timeout=40s
kubectl apply -f pvc.json
kubectl -n coast rollout status deployment siren --timeout=80s
kubectl -n coast rollout status deployment keeper --timeout=80s
