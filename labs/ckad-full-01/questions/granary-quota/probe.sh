# Sourced by the checks.
# probe RESOURCES: what the API server would make of the resources of a container, without making the Pod; its complaint where it refuses.
probe() {
  jq -n --argjson resources "$1" '{apiVersion: "v1", kind: "Pod", metadata: {name: "bin-probe", namespace: "granary"},
    spec: {containers: [{name: "probe", image: "nginx:1.27", resources: $resources}]}}' |
    k create --dry-run=server -o json -f - 2>&1
}
