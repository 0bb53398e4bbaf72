set -e
kubectl apply -f - << 'YAML'
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: known-registry }
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules:
      - { apiGroups: [''], apiVersions: [v1], resources: [pods], operations: [CREATE, UPDATE] }
  variables:
    - name: containers
      expression: object.spec.containers + object.spec.?initContainers.orValue([])
  validations:
    - expression: variables.containers.all(c, c.image.startsWith('registry.orchard.internal'))
      message: the image comes from an unknown registry
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: known-registry }
spec:
  policyName: known-registry
  validationActions: [Deny]
  matchResources:
    namespaceSelector: { matchLabels: { supply: checked } }
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: pinned-images }
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules:
      - { apiGroups: [''], apiVersions: [v1], resources: [pods], operations: [CREATE, UPDATE] }
  variables:
    - name: containers
      expression: object.spec.containers + object.spec.?initContainers.orValue([])
  validations:
    - expression: variables.containers.all(c, c.image.contains('@sha256:'))
      message: the image is named without its digest
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: pinned-images }
spec:
  policyName: pinned-images
  validationActions: [Deny]
  matchResources:
    namespaceSelector: { matchLabels: { supply: checked } }
YAML
# In force some seconds later.
for ((i = 0; i < 30; i++)); do
  kubectl -n orchard run probe --image=registry.k8s.io/pause:3.10 --dry-run=server 2>&1 | grep -q 'denied request' && break
  sleep 1
done
