. "$CKX_CHECKS/1.sh"
expect 'text in the ConfigMap copy' hello "$(value_of "$CKX_NAMESPACE" configmap copy .data.text)"
pass 'the text is there'
