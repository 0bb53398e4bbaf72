. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../../../pod.sh"
plain='{"containers": [{"name": "c", "image": "nginx:1.27"}]}'
restricted='{"securityContext": {"runAsNonRoot": true, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}}, "containers": [{"name": "c", "image": "nginx:1.27",
  "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}}}]}'
expect_match 'answer to an ordinary Pod in quay' 'forbidden: violates PodSecurity "restricted' "$(try quay "$plain")"
expect_match 'answer to a restricted Pod in quay' 'created \(server dry run\)' "$(try quay "$restricted")"
pass 'the quay is restricted'
