. "$CKX_CHECKS/2.sh"
spec=$(value_of sky comets.sky.example.com halley .spec)
[ -n "$spec" ] || fail 'there is no Comet halley in sky'
expect 'what is known of halley' '{"discoverer":"Edmond Halley","magnitude":2,"orbit":{"periodYears":76},"visibility":"Visible"}' "$(jq -Sc . <<< "$spec")"
pass 'the comet is there'
