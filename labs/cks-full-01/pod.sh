# Sourced by checks: what the API server says of Pods, without making any.
# try NAMESPACE SPEC: its answer to a Pod with that specification, warnings included.
try() {
  jq -n --arg namespace "$1" --argjson spec "$2" '{apiVersion: "v1", kind: "Pod", metadata: {name: "admission-probe", namespace: $namespace}, spec: $spec}' |
    k create --dry-run=server -f - 2>&1
}
