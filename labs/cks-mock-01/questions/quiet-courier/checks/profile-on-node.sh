. "$CKX_CHECKS/1.sh"
probe=profile-probe
trap 'k -n courier delete pod "$probe" --ignore-not-found --force --grace-period=0 > /dev/null 2>&1' EXIT
k -n courier delete pod "$probe" --ignore-not-found --force --grace-period=0 > /dev/null 2>&1
k apply -f - > /dev/null << 'YAML' || fail 'the Pod could not be made'
apiVersion: v1
kind: Pod
metadata: { name: profile-probe, namespace: courier }
spec:
  restartPolicy: Never
  securityContext: { seccompProfile: { type: Localhost, localhostProfile: profiles/no-chmod.json } }
  containers:
    - name: probe
      image: busybox:1.36
      imagePullPolicy: IfNotPresent
      command: [sh, -c, 'touch /tmp/x; chmod 700 /tmp/x && echo changed || echo refused']
YAML
# A container that cannot be made is tried again and again: it counts as settled only where the profile is the reason.
settled() {
  state=$(k -n courier get pod "$probe" -o json | jq -r '.status | if .phase == "Succeeded" or .phase == "Failed" then .phase
    else (.containerStatuses[0].state.waiting // {}) | if ((.message // "") | test("seccomp")) then .reason else "" end end')
  [ -n "$state" ]
}
# ckx-lint: allow WAIT_TOO_LONG
until_true 20 settled || undecided 'the Pod with the profile neither ran nor was refused within 20 seconds'
note "$(k -n courier get pod "$probe" -o json | jq -r '.status.containerStatuses[0].state.waiting.message // "the Pod ran"')"
expect 'how the Pod with the profile ended' Succeeded "$state"
said() { k -n courier logs "$probe" 2>&1 | tail -n 1; }
expect_soon 15 'what became of chmod' refused said
pass 'the profile is on the node'
