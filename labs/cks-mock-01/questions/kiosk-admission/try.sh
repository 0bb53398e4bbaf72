# Sourced by the checks.
# try NAMESPACE SPEC: what the API server says of a Pod with that specification, without making it; warnings included.
try() {
  jq -n --arg namespace "$1" --argjson spec "$2" '{apiVersion: "v1", kind: "Pod", metadata: {name: "admission-probe", namespace: $namespace}, spec: $spec}' |
    k create --dry-run=server -f - 2>&1
}
plain='{"containers": [{"name": "c", "image": "nginx:1.27"}]}'
restricted='{"securityContext": {"runAsNonRoot": true, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}}, "containers": [{"name": "c", "image": "nginx:1.27",
  "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}}}]}'
on_host='{"hostNetwork": true, "containers": [{"name": "c", "image": "nginx:1.27"}]}'
