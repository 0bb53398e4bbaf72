# Sourced by the checks that have to disturb the application: they do it to a twin of its Pod, so that the candidate's own is left alone.

# start_twin NAME: a Pod from the Deployment's template, without its labels, so that no Service and no Deployment knows it.
start_twin() {
  twin=$1
  trap 'k -n kiln delete pod "$twin" --ignore-not-found --force --grace-period=0 > /dev/null 2>&1' EXIT
  [ -n "$(ready_pods kiln kiln)" ] || fail 'no Pod of the Deployment kiln is ready'
  k -n kiln delete pod "$twin" --ignore-not-found --force --grace-period=0 > /dev/null 2>&1
  k -n kiln get deployment kiln -o json |
    jq --arg name "$twin" '{apiVersion: "v1", kind: "Pod", metadata: {name: $name, namespace: "kiln"}, spec: .spec.template.spec}' |
    k apply -f - > /dev/null || fail 'no twin of the Pod could be made'
  # ckx-lint: allow WAIT_TOO_LONG
  until_true 25 twin_is_ready True || fail 'a twin of the Pod did not become ready within 25 seconds'
  # What is removed before the application itself is done with its start would come back.
  until_true 10 in_twin 'test -e /usr/share/nginx/html/ready'
  note 'a twin of the Pod is ready'
}

twin_is_ready() { [ "$(k -n kiln get pod "$twin" -o jsonpath='{.status.conditions[?(@.type=="Ready")].status}')" = "$1" ]; }

restarts_of_twin() { k -n kiln get pod "$twin" -o jsonpath='{.status.containerStatuses[0].restartCount}'; }

in_twin() { k -n kiln exec "$twin" -- sh -c "$1"; }
