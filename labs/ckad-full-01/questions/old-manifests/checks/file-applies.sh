. "$CKX_CHECKS/2.sh"
file=/home/candidate/attic-clock.yaml
said=$(k apply --dry-run=server -f "$file" -n attic 2>&1) || fail "the API server says: ${said:0:600}"
note "$said"
expect 'objects in the file' 'CronJob wind-the-clock,Deployment attic-clock,Ingress attic-clock,PodDisruptionBudget attic-clock' \
  "$(yq -o=json -I=0 '.' "$file" | jq -sr 'map(select(. != null) | if .kind == "List" then .items[] else . end | "\(.kind) \(.metadata.name)") | sort | join(",")')"
pass 'the file can be applied'
