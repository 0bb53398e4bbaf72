. "$CKX_CHECKS/1.sh"
pods=$(k -n harbor get endpointslices -l kubernetes.io/service-name=ferry -o json |
  jq -r '[.items[].endpoints[]? | select(.conditions.ready) | .targetRef.name // empty] | unique[]')
note "Pods behind the Service: ${pods:-none}"
answers=$(for pod in $pods; do page_of harbor "$pod"; done | sort | uniq -c | awk '{print $2, $3, "x", $1}' | paste -sd,)
expect 'answers of the Pods behind the Service' 'ferry v1 x 3,ferry v2 x 1' "$answers"
# The Service itself chooses at random: ask until both releases have answered. All 40 miss v2 once in 100000 times.
seen=''
for ((tries = 1; tries <= 40; tries++)); do
  answer=$(k get --raw /api/v1/namespaces/harbor/services/ferry:80/proxy/ 2>&1)
  [[ $seen == *"$answer"* ]] || seen+="$answer; "
  [[ $seen == *'ferry v1'* && $seen == *'ferry v2'* ]] && pass "after $tries requests to port 80 of the Service both releases have answered"
done
fail "of $((tries - 1)) requests to port 80 of the Service, the answers were: $seen"
