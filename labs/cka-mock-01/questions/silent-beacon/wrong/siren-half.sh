set -e
ssh -n root@controlplane "sed -i 's/64Mib/64M/' /etc/kubernetes/manifests/beacon.yaml"
kubectl -n coast create secret generic siren-code --from-literal=word=fog
kubectl -n coast patch service siren -p '{"spec": {"selector": {"app": "siren"}}}'
kubectl -n coast patch deployment keeper -p '{"spec": {"template": {"spec": {"volumes": [{"name": "book", "persistentVolumeClaim": null, "emptyDir": {}}]}}}}'
kubectl -n coast rollout status deployment siren --timeout=80s
kubectl -n coast rollout status deployment keeper --timeout=80s
until kubectl -n coast get pods | grep '^beacon.*1/1'; do sleep 1; done
