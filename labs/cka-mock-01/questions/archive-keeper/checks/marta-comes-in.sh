. "$CKX_CHECKS/1.sh"
crt=/home/candidate/marta.crt
[ -s "$crt" ] || fail "there is no $crt"
expect 'whose certificate it is' 'subject=O = archivists, CN = marta' "$(openssl x509 -in "$crt" -noout -subject 2>&1)"
conditions=$(value_of archive-east certificatesigningrequest marta '[.status.conditions[]?.type] | join(" ")')
expect 'what became of the request marta' Approved "$conditions"
server=$(k config view --minify --raw -o jsonpath='{.clusters[0].cluster.server}')
who=$(curl -sk -m 8 --cert "$crt" --key /home/candidate/marta.key -H 'content-type: application/json' \
  -d '{"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}' "$server/apis/authentication.k8s.io/v1/selfsubjectreviews" | jq -r '.status.userInfo.username // .message')
expect 'whom the API server sees' marta "$who"
pass 'Marta comes in'
