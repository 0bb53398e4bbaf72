. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../route.sh"
expect 'class' market-gate "$(jq -r '.spec.ingressClassName // .metadata.annotations["kubernetes.io/ingress.class"] // "none"' <<< "$ingress")"
expect 'Secret for market.example.com' market-tls "$(jq -r '[.spec.tls[]? | select(any(.hosts[]?; . == "market.example.com")) | .secretName] | join(" ")' <<< "$ingress")"
secret=$(k -n market get secret market-tls -o json 2>&1) || fail "$secret"
expect 'type of the Secret' kubernetes.io/tls "$(jq -r .type <<< "$secret")"
expect 'whose certificate it is' 'subject=CN = market.example.com' "$(jq -r '.data["tls.crt"] | @base64d' <<< "$secret" | openssl x509 -noout -subject 2>&1)"
expect 'whether the key belongs to it' "$(jq -r '.data["tls.crt"] | @base64d' <<< "$secret" | openssl x509 -noout -pubkey 2>&1)" \
  "$(jq -r '.data["tls.key"] | @base64d' <<< "$secret" | openssl pkey -pubout 2>&1)"
pass 'the market is secured'
