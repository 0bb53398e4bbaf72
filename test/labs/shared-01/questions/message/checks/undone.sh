. "$CKX_CHECKS/1.sh"
expect 'text in the Secret sealed-text' aGVsbG8= "$(value_of "$CKX_NAMESPACE" secret sealed-text .data.text)"
pass 'the secret is there'
