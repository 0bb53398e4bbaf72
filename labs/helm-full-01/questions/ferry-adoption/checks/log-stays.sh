. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
kept='.metadata.annotations["helm.sh/resource-policy"] // "none"'
expect 'policy of the logbook in the chart' keep "$(rendered ".[] | select(.kind == \"ConfigMap\" and .metadata.name == \"logbook\") | $kept" probe /home/candidate/ferry)"
manifest=$(h -n ferry get manifest ferry 2> /dev/null) || fail 'there is no release ferry in ferry'
expect 'policy of the logbook in the release' keep "$(yq -o=json -I=0 '.' <<< "$manifest" | jq -sr ".[] | select(.metadata?.name == \"logbook\") | $kept")"
expect 'whether the logbook is there' 'the ferry was built' "$(value_of ferry configmap logbook .data.first)"
pass 'the logbook stays'
