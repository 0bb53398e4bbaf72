. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../try.sh"
pod=$(ready_pods kiosk kiosk)
expect 'ready Pods of kiosk' 1 "$(grep -c . <<< "$pod")"
expect 'answer of the Pod' open "$(page_of kiosk "$pod" 8080)"
said=$(k label --dry-run=server --overwrite namespace kiosk pod-security.kubernetes.io/enforce=restricted pod-security.kubernetes.io/enforce-version=v1.34 2>&1)
note "what the API server says of the Pods in kiosk: ${said:0:600}"
[[ $said != *'violate the new PodSecurity'* ]] || fail 'the Pod of the kiosk violates restricted'
privileges=$(k -n kiosk exec "$pod" -- cat /proc/1/status 2>&1 | awk '$1 == "Uid:" {print $2} $1 == "CapBnd:" {print $2} $1 == "NoNewPrivs:" {print $2}' | paste -sd' ')
expect_match 'capabilities, flag and user of the process' '0000000000000000' "$privileges"
[[ $privileges != 0\ * ]] || fail 'the process is root'
pass 'the kiosk serves'
