. "$CKX_CHECKS/2.sh"
pod=$(ready_pods spice mixer)
expect 'ready Pods of mixer' 1 "$(grep -c . <<< "$pod")"
environment=$(k -n spice exec "$pod" -- sh -c 'tr "\0" "\n" < /proc/1/environ' 2>&1)
of() { sed -n "s/^$1=//p" <<< "$environment"; }
expect 'MERCHANT_USER of the process' al-zafran "$(of MERCHANT_USER)"
expect 'MERCHANT_PASSWORD of the process' 'c4rd=m0m!' "$(of MERCHANT_PASSWORD)"
expect 'HEAT of the process' medium "$(of HEAT)"
expect 'values that are typed into the Deployment' 0 "$(k -n spice get deployment mixer -o json | jq '[.spec | .. | strings | select(. == "medium" or contains("c4rd") or contains("zafran"))] | length')"
pass 'the variables are set'
