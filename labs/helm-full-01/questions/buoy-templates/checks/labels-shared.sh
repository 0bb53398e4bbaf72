. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
chart=/home/candidate/buoys
grep -rqE 'define +"buoys\.labels"' "$chart/templates" || fail 'no named template buoys.labels is defined'
labels() { rendered 'map(.metadata.labels) | unique | tojson' probe "$chart" "$@" | jq -Sc .; }
expect 'labels' '[{"app.kubernetes.io/instance":"probe","app.kubernetes.io/name":"buoys"}]' "$(labels)"
expect 'labels with two extra ones' '[{"app.kubernetes.io/instance":"probe","app.kubernetes.io/name":"buoys","owner":"coast-guard","season":"2026"}]' \
  "$(labels --set extraLabels.owner=coast-guard --set-string extraLabels.season=2026)"
pass 'the labels are shared'
