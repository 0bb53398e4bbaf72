# Sourced by the checks.
# behind SERVICE: the ready Pods behind a Service.
behind() {
  k -n lantern get endpointslices -l "kubernetes.io/service-name=$1" -o json |
    jq -r '[.items[].endpoints[]? | select(.conditions.ready) | .targetRef.name // "an address without a Pod"] | unique[]'
}
