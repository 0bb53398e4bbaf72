set -e
kubectl -n exchange patch deployment operator --type=json -p '[{"op": "remove", "path": "/spec/template/spec/dnsConfig"}, {"op": "replace", "path": "/spec/template/spec/dnsPolicy", "value": "ClusterFirst"}]'
kubectl -n exchange patch networkpolicy lines --type=json -p '[{"op": "add", "path": "/spec/egress/-", "value": {"ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]}}]'
kubectl -n exchange patch deployment operator -p '{"spec": {"template": {"spec": {"hostAliases": [{"ip": "192.0.2.17", "hostnames": ["bell.valley.example"]}, {"ip": "192.0.2.18", "hostnames": ["mill.valley.example"]}]}}}}'
kubectl -n exchange rollout status deployment operator --timeout=80s
