. "$CKX_CHECKS/1.sh"
pod=$(ready_pods courier courier)
expect 'ready Pods of courier' 1 "$(grep -c . <<< "$pod")"
tried=$(k -n courier exec "$pod" -- sh -c 'touch /tmp/.probe; chmod 700 /tmp/.probe 2>&1 && echo changed; rm -f /tmp/.probe' 2>&1)
expect_match 'what the courier can do with the rights of files' 'Operation not permitted' "$tried"
expect 'mode of seccomp of the process' 2 "$(k -n courier exec "$pod" -- awk '$1 == "Seccomp:" {print $2}' /proc/1/status 2>&1)"
expect 'profile' 'Localhost profiles/no-chmod.json' "$(k -n courier get pod "$pod" -o json |
  jq -r '.spec | (.containers[0].securityContext.seccompProfile // .securityContext.seccompProfile) | "\(.type) \(.localhostProfile)"')"
pass 'the courier is quiet'
