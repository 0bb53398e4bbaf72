. "$CKX_CHECKS/2.sh"
pod=$(ready_pods gazette press)
expect 'ready Pods of press' 1 "$(grep -c . <<< "$pod")"
expect 'how wait-for-paper ended' Completed "$(k -n gazette get pod "$pod" -o json |
  jq -r '[.status.initContainerStatuses[]? | select(.name == "wait-for-paper") | .state.terminated.reason][0] // "not at all"')"
# A twin for which nobody answers under the name: its init container must go on waiting. It has neither the Deployment's labels nor its claim.
twin=press-without-paper
trap 'k -n gazette delete pod "$twin" --ignore-not-found --force --grace-period=0 > /dev/null 2>&1' EXIT
k -n gazette delete pod "$twin" --ignore-not-found --force --grace-period=0 > /dev/null 2>&1
k -n gazette get deployment press -o json | jq --arg name "$twin" '{apiVersion: "v1", kind: "Pod", metadata: {name: $name, namespace: "gazette"},
  spec: (.spec.template.spec
    | .hostAliases = [{ip: "127.0.0.1", hostnames: ["paper", "paper.gazette", "paper.gazette.svc", "paper.gazette.svc.cluster.local"]}]
    | .volumes |= map(if .persistentVolumeClaim then {name, emptyDir: {}} else . end))}' |
  k apply -f - > /dev/null || fail 'no twin of the Pod could be made'
state() { k -n gazette get pod "$twin" -o json | jq -r '[.status.initContainerStatuses[]? | select(.name == "wait-for-paper") | .state + .lastState | keys | join(" ")][0] // ""'; }
began() { [[ $(state) == *running* || $(state) == *terminated* ]]; }
until_true 14 began || undecided 'a twin of the Pod did not start within 14 seconds'
sleep 5
note "state of wait-for-paper of a Pod for which nobody answers: $(state)"
expect 'whether the press of that Pod was held back' '' \
  "$(k -n gazette get pod "$twin" -o json | jq -r '[.status.containerStatuses[]? | select(.name == "press") | select(.state.running or .state.terminated) | "it started"] | join("")')"
pass 'the press waits for paper'
