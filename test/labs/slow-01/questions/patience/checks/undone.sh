kubectl get namespace nobody
