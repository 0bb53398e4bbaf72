set -e
kubectl -n lantern get deployment lantern-blue -o json |
  jq 'del(.status, .metadata.uid, .metadata.resourceVersion, .metadata.annotations) | .metadata.name = "lantern-green" | .spec.replicas = 3
      | .spec.selector.matchLabels.colour = "green" | .spec.template.metadata.labels.colour = "green"
      | .spec.template.spec.containers[0].env[0].value = "green"' | kubectl apply -f -
kubectl -n lantern rollout status deployment lantern-green --timeout=60s
kubectl -n lantern expose deployment lantern-green --name=lantern-preview --port=80
kubectl -n lantern patch service lantern -p '{"spec": {"selector": {"colour": "green"}}}'
