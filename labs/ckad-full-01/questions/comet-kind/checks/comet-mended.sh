. "$CKX_CHECKS/2.sh"
spec=$(value_of sky comets.sky.example.com encke .spec)
[ -n "$spec" ] || fail 'there is no Comet encke in sky'
expect 'what is known of encke' '{"discoverer":"Pierre Méchain","magnitude":4,"orbit":{"periodYears":3},"visibility":"Visible"}' "$(jq -Sc . <<< "$spec")"
pass 'the comet is there'
