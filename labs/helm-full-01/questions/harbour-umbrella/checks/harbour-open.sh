. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
expect 'state of the release harbour' deployed "$(release harbour harbour .status)"
for boat in 'tug rope' 'lifeboat blankets'; do
  read -r name cargo <<< "$boat"
  pod=$(ready_pods harbour "harbour-$name")
  expect "ready Pods of harbour-$name" 1 "$(grep -c . <<< "$pod")"
  expect_match "what it says" "^$cargo under" "$(page_of harbour "$pod")"
done
expect 'what the crane knows' '40 Hamburg' "$(value_of harbour configmap harbour-crane '.data | "\(.tons) \(.port)"')" # ckx-lint: allow CHECK_NAME_UNKNOWN
pass 'the harbour is open'
