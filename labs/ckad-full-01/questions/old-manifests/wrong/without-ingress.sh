cd ~
sed -i 's|extensions/v1beta1|apps/v1|; s|policy/v1beta1|policy/v1|; s|batch/v1beta1|batch/v1|; s|networking.k8s.io/v1beta1|networking.k8s.io/v1|' attic-clock.yaml
sed -i '0,/  replicas: 2/s//  replicas: 2\n  selector: { matchLabels: { app: attic-clock } }/' attic-clock.yaml
kubectl apply -f attic-clock.yaml
set -e
kubectl -n attic rollout status deployment attic-clock --timeout=80s
