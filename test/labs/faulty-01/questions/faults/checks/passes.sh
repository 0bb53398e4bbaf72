kubectl get namespace kube-system
