. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../../../node.sh"
address=$(address_of controlplane)
authority=$(mktemp)
trap 'rm -f "$authority"' EXIT
k -n kube-system get configmap kube-root-ca.crt -o jsonpath='{.data.ca\.crt}' > "$authority"
[ -s "$authority" ] || undecided 'the cluster does not name its authority'
# asked NAME: what curl says of the API server under a name; a certificate that does not hold for it ends it.
asked() { curl -sS -m 5 -o /dev/null --cacert "$authority" --resolve "$1:6443:$address" "https://$1:6443/version" 2>&1 && echo answers; }
expect_soon 8 'the API server as gatehouse.valley.example' answers asked gatehouse.valley.example
for name in controlplane kubernetes kubernetes.default kubernetes.default.svc kubernetes.default.svc.cluster.local localhost; do
  expect "the API server as $name" answers "$(asked "$name")"
done
served=$(openssl s_client -connect "$address:6443" < /dev/null 2> /dev/null | openssl x509 2> /dev/null)
for ip in 10.43.0.1 127.0.0.1 "$address"; do
  expect_match "its certificate for the address $ip" 'does match' "$(openssl x509 -noout -checkip "$ip" <<< "$served" 2>&1)"
done
pass 'the name is served'
