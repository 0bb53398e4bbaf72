set -e
kubectl -n harbor get deployment ferry -o json |
  jq '{apiVersion, kind, metadata: {name: "ferry-canary", namespace: "harbor", labels: {app: "ferry"}}, spec: .spec}
    | .spec.replicas = 1
    | .spec.selector.matchLabels.track = "canary"
    | .spec.template.metadata.labels.track = "canary"
    | .spec.template.spec.containers[0].env = [{name: "RELEASE", value: "v2"}]' |
  kubectl apply -f -
kubectl -n harbor patch service ferry --type=json -p '[{"op": "remove", "path": "/spec/selector/track"}]'
kubectl -n harbor patch deployment ferry -p '{"spec": {"strategy": {"rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}}}'
kubectl -n harbor rollout status deployment ferry-canary --timeout=60s
kubectl -n harbor rollout status deployment ferry --timeout=60s
