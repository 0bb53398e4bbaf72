. "$CKX_CHECKS/2.sh"
export HELM_CONFIG_HOME=/tmp/.ckx-helm/config HELM_CACHE_HOME=/tmp/.ckx-helm/cache HELM_DATA_HOME=/tmp/.ckx-helm/data
expect 'state and chart of the release turntable' 'deployed turntable-2.1.0' \
  "$(timeout 12 helm -n turntable list --all -o json 2> /dev/null | jq -r '.[] | select(.name == "turntable") | "\(.status) \(.chart)"')"
pods=$(ready_pods turntable turntable)
expect 'ready Pods of turntable' 2 "$(grep -c . <<< "$pods")"
for pod in $pods; do expect "answer of $pod" 'turntable 2.1.0' "$(page_of turntable "$pod")"; done
definition=$(k get customresourcedefinition tracks.rail.example.com -o json 2>&1) || fail "$definition"
expect 'who manages the definition by its labels' nobody "$(jq -r '.metadata.labels["app.kubernetes.io/managed-by"] // "nobody"' <<< "$definition")"
expect 'whether the release holds the definition' 0 "$(timeout 12 helm -n turntable get manifest turntable 2> /dev/null | grep -c '^kind: CustomResourceDefinition')"
expect 'length of the Track siding' 3 "$(value_of default tracks.rail.example.com siding .spec.length)"
pass 'the turntable is installed'
