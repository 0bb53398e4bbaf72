. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
releases=$(h -n harvest list --all -o json 2> /dev/null) || undecided 'helm does not answer'
note "releases in harvest: $(jq -r 'map("\(.name) \(.status)") | join(", ")' <<< "$releases")"
expect 'whether barn is there' true "$(jq 'any(.name == "barn")' <<< "$releases")"
expect 'releases that failed' 0 "$(jq 'map(select(.name == "scarecrow" or .status == "failed")) | length' <<< "$releases")"
expect 'Deployments named scarecrow' 0 "$(k -n harvest get deployments -o json | jq '[.items[] | select(.metadata.name == "scarecrow")] | length')"
pass 'the release is gone'
