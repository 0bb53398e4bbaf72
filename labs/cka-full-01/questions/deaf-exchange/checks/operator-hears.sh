. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../../../node.sh"
pod=$(ready_pods exchange operator | head -n 1)
[ -n "$pod" ] || fail 'no Pod of the Deployment operator is ready'
within() { k -n exchange exec "$pod" -c web -- "$@" 2>&1; }
expect 'whom the operator asks' "$(value_of kube-system service kube-dns .spec.clusterIP)" "$(within sed -n 's/^nameserver *//p' /etc/resolv.conf | paste -sd' ')"
resolved() { within getent ahostsv4 "$1" | awk '{print $1; exit}'; }
expect_soon 10 'address of kubernetes.default.svc.cluster.local' "$(value_of default service kubernetes .spec.clusterIP)" resolved kubernetes.default.svc.cluster.local
expect 'address of kiosk' "$(value_of exchange service kiosk .spec.clusterIP)" "$(resolved kiosk)"
expect 'lines for names of the cluster in its file of hosts' 0 "$(within sh -c 'grep -cE "kiosk|kubernetes[.]default" /etc/hosts || true')"
# The API server's port is neither 80 nor 53; kube-proxy's health is on the node of the Pod, which is always reached, so another node is asked.
expect_match 'whether the node controlplane answers others on port 10256' alive "$(curl -s -o /dev/null -m 3 "http://$(address_of controlplane):10256/livez" && echo alive)"
expect 'what the operator gets there' nothing "$(k -n exchange exec "$pod" -c web -- curl -s -o /dev/null -m 2 "http://$(address_of controlplane):10256/livez" 2> /dev/null && echo something || echo nothing)"
policy=$(k -n exchange get networkpolicy lines -o json 2>&1) || fail "$policy"
expect 'Pods that the policy lines is for' operator "$(jq -r '.spec.podSelector.matchLabels.app // "others"' <<< "$policy")"
pass 'the operator hears'
