# Sourced by the checks that have to disturb the application: they do it to a twin of its Pod, so that the candidate's own is left alone.

# start_twin NAME: a Pod from the Deployment's template, without its labels, so that no Service and no Deployment knows it.
start_twin() {
  twin=$1
  trap 'k -n foundry delete pod "$twin" --ignore-not-found --force --grace-period=0 > /dev/null 2>&1' EXIT
  [ -n "$(ready_pods foundry furnace)" ] || fail 'no Pod of the Deployment furnace is ready'
  k -n foundry delete pod "$twin" --ignore-not-found --force --grace-period=0 > /dev/null 2>&1
  k -n foundry get deployment furnace -o json |
    jq --arg name "$twin" '{apiVersion: "v1", kind: "Pod", metadata: {name: $name, namespace: "foundry"}, spec: .spec.template.spec}' |
    k apply -f - > /dev/null || fail 'no twin of the Pod could be made'
  until_true 14 twin_is_ready True || fail 'a twin of the Pod did not become ready within 14 seconds'
  note 'a twin of the Pod is ready'
}

twin_is_ready() { [ "$(k -n foundry get pod "$twin" -o jsonpath='{.status.conditions[?(@.type=="Ready")].status}')" = "$1" ]; }

restarts_of_twin() { k -n foundry get pod "$twin" -o jsonpath='{.status.containerStatuses[0].restartCount}'; }

in_twin() { k -n foundry exec "$twin" -- sh -c "$1"; }
