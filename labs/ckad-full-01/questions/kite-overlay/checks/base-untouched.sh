. "$CKX_CHECKS/2.sh"
overlay=$(cat /home/candidate/kites/storm/kustomization.y*ml /home/candidate/kites/storm/Kustomization 2> /dev/null)
[ -n "$overlay" ] || fail 'there is no overlay in /home/candidate/kites/storm'
expect 'what the base renders' "$(k kustomize "${BASH_SOURCE[0]%/*}/../base")" "$(k kustomize /home/candidate/kites/base 2>&1)"
refers=$(yq -r '((.resources // []) + (.bases // []) + (.components // []))[]' <<< "$overlay" 2> /dev/null | grep -cE '(^|/)base/?$')
expect_at_least 'times that the overlay refers to the base' 1 "$refers"
pass 'the base is as it was'
