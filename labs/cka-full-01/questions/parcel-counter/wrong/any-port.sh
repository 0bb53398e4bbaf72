set -e
kubectl -n parcels patch deployment counter -p '{"spec": {"template": {"spec": {"containers": [{"name": "web", "ports": [{"name": "desk", "containerPort": 8081}]}]}}}}'
kubectl -n parcels rollout status deployment counter --timeout=80s
kubectl -n parcels expose deployment counter --type=NodePort --port=80 --target-port=desk --session-affinity=ClientIP
if kubectl -n parcels get service counter -o jsonpath='{.spec.ports[0].nodePort}' | grep -qx 30777; then exit 1; fi
kubectl -n parcels create service externalname proxies --external-name=node01
