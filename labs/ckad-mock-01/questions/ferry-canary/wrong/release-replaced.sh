set -e
kubectl -n harbor patch deployment ferry -p '{"spec": {"strategy": {"rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}}}'
kubectl -n harbor set env deployment ferry RELEASE=v2
kubectl -n harbor rollout status deployment ferry --timeout=80s
