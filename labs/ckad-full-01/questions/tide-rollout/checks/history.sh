. "$CKX_CHECKS/2.sh"
deployment=$(k -n tide get deployment tide-table -o json 2>&1) || fail "$deployment"
sets=$(k -n tide get replicasets -o json | jq -c --arg uid "$(jq -r .metadata.uid <<< "$deployment")" '[.items[]
  | select(any(.metadata.ownerReferences[]?; .uid == $uid))
  | {revision: .metadata.annotations["deployment.kubernetes.io/revision"], cause: .metadata.annotations["kubernetes.io/change-cause"],
     runs: .spec.template.spec.containers[0].image, release: .spec.template.spec.containers[0].env[0].value}]')
note "revisions: $sets"
expect 'whether the revision of release 3 is remembered' true "$(jq 'any(.release == "3")' <<< "$sets")"
current=$(jq -r '.metadata.annotations["deployment.kubernetes.io/revision"]' <<< "$deployment")
expect 'cause and image of the current revision' 'nginx 1.28, nginx:1.28' "$(jq -r --arg current "$current" '.[] | select(.revision == $current) | "\(.cause), \(.runs)"' <<< "$sets")"
pass 'the history says what happened'
