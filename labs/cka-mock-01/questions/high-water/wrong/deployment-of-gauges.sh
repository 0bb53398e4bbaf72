set -e
kubectl create priorityclass high-water --value=500000
kubectl label node controlplane ground=low
kubectl -n dyke patch deployment pumps -p '{"spec": {"template": {"spec": {"priorityClassName": "high-water", "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchExpressions": [{"key": "ground", "operator": "In", "values": ["low"]}]}]}}}}}}}'
kubectl -n dyke create deployment gauge --image=busybox:1.36 -- sleep 1000000
kubectl -n dyke rollout status deployment pumps --timeout=80s
kubectl -n dyke rollout status deployment gauge --timeout=80s
