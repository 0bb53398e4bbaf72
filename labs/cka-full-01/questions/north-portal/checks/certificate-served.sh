. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../ask.sh"
expect 'type of the Secret rail-tls' kubernetes.io/tls "$(value_of portal secret rail-tls .type)"
expect 'Secret of north for rail.example.com' rail-tls "$(value_of portal ingress north '[.spec.tls[]? | select(any(.hosts[]?; . == "rail.example.com")) | .secretName] | join(" ")')"
print_of() { openssl x509 -noout -subject -fingerprint -sha256 2>&1; }
given=$(print_of < /home/candidate/rail.crt)
expect_match 'the certificate that was given' 'O = Rail, CN = rail.example.com' "$given"
served() { openssl s_client -connect "$node:30443" -servername rail.example.com < /dev/null 2> /dev/null | print_of; }
expect_soon 8 'the certificate that is served' "$given" served
pass 'the certificate is served'
