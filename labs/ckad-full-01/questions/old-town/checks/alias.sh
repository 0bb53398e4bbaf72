. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../within.sh"
expect_match 'type and target of the Service library' '^ExternalName library\.new-town\.svc(\.cluster\.local\.?)?$' "$(value_of old-town service library '"\(.spec.type) \(.spec.externalName)"')"
answer_within http://library 'books of the new town'
pass 'the library is found under its old name'
