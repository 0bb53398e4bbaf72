set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: sky }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: observer, namespace: sky }
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: comets.sky.example.com }
spec:
  group: sky.example.com
  scope: Namespaced
  names: { kind: Comet, plural: comets, singular: comet, shortNames: [cmt] }
  versions:
    - name: v1
      served: true
      storage: true
      additionalPrinterColumns:
        - { name: Discoverer, type: string, jsonPath: .spec.discoverer }
      schema:
        openAPIV3Schema:
          type: object
          required: [spec]
          properties:
            spec:
              type: object
              description: What is known of the comet.
              required: [orbit, magnitude, visibility]
              properties:
                orbit:
                  type: object
                  description: How it goes round the sun.
                  required: [periodYears]
                  properties:
                    periodYears: { type: integer, minimum: 1, maximum: 10000, description: Years between two returns. }
                magnitude: { type: integer, description: How faint it is; a smaller number is brighter. }
                visibility: { type: string, enum: [Visible, Hidden], description: Whether it can be seen at present. }
                discoverer: { type: string, description: Who saw it first. }
YAML
kubectl wait --for=condition=Established crd/comets.sky.example.com --timeout=20s
for known in 'borrelly 7 9 Hidden' 'hale-bopp 2533 0 Hidden' 'tempel 33 4 Visible' 'swift 133 6 Hidden'; do
  read -r name years magnitude visibility <<< "$known"
  printf -- '---\napiVersion: sky.example.com/v1\nkind: Comet\nmetadata: { name: %s, namespace: sky }\nspec: { orbit: { periodYears: %s }, magnitude: %s, visibility: %s }\n' \
    "$name" "$years" "$magnitude" "$visibility"
done | kubectl apply -f -
cat > /home/candidate/encke.yaml << 'YAML'
apiVersion: sky.example.com/v1
kind: Comet
metadata:
  name: encke
  namespace: sky
spec:
  orbit:
    periodYears: '3'
  magnitude: 4
  visibility: seen
  discoverer: Pierre Méchain
YAML
chown candidate:candidate /home/candidate/encke.yaml
