. "$CKX_CHECKS/2.sh"
recipes=$(k -n spice get configmap recipes -o json 2>&1) || fail "$recipes"
expect 'keys of the ConfigMap recipes' 'curry.txt goulash.txt' "$(jq -r '.data | keys | join(" ")' <<< "$recipes")"
expect 'the key curry.txt' 'turmeric 2,cumin 1,chili 1' "$(jq -r '.data["curry.txt"] | rtrimstr("\n") | gsub("\n"; ",")' <<< "$recipes")"
secret=$(k -n spice get secret merchant -o json 2>&1) || fail "$secret"
expect 'what the Secret merchant holds' 'password=c4rd=m0m! user=al-zafran' "$(jq -r '.data | to_entries | sort_by(.key) | map("\(.key)=\(.value | @base64d)") | join(" ")' <<< "$secret")"
expect 'whether the Secret is immutable' true "$(jq '.immutable // false' <<< "$secret")"
pass 'the objects are there'
