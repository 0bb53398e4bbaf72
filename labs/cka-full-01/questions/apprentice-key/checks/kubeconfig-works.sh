. "$CKX_CHECKS/2.sh"
file=/home/candidate/linus.kubeconfig
[ -s "$file" ] || fail "there is no $file"
# Read, and not used: a kubeconfig may name programs that kubectl would run.
config=$(yq -o=json '.' "$file" 2>&1 | jq -c '."current-context" as $name | (.contexts[] | select(.name == $name) | .context) as $context
  | {namespace: $context.namespace, cluster: (.clusters[] | select(.name == $context.cluster) | .cluster), user: (.users[] | select(.name == $context.user) | .user)}' 2>&1)
jq -e .cluster > /dev/null 2>&1 <<< "$config" || fail "its current context cannot be followed: ${config:0:200}"
expect 'namespace of its current context' engine-shed "$(jq -r '.namespace // "none"' <<< "$config")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for part in client-certificate client-key; do jq -r --arg part "$part-data" '.user[$part] // ""' <<< "$config" | base64 -d > "$folder/$part" 2> /dev/null; done
[ -s "$folder/client-certificate" ] && [ -s "$folder/client-key" ] || fail 'it does not hold a certificate and its key as data'
jq -r '.cluster["certificate-authority-data"] // ""' <<< "$config" | base64 -d > "$folder/ca" 2> /dev/null
[ -s "$folder/ca" ] || fail 'it does not hold the authority of the cluster as data'
server=$(jq -r '.cluster.server' <<< "$config")
said=$(curl -sS -m 8 --cacert "$folder/ca" --cert "$folder/client-certificate" --key "$folder/client-key" -H 'content-type: application/json' \
  -d '{"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}' "$server/apis/authentication.k8s.io/v1/selfsubjectreviews" 2>&1)
expect 'whom the API server sees' 'linus drivers,system:authenticated' "$(jq -r '.status.userInfo | "\(.username) \(.groups | sort | join(","))"' <<< "$said" 2> /dev/null || echo "${said:0:200}")"
pass 'Linus comes in'
