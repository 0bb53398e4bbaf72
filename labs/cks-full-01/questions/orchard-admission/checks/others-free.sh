. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../../../pod.sh"
. "${BASH_SOURCE[0]%/*}/../images.sh"
expect_says 'answer to a stranger in orchard' 'denied request' orchard "nginx@$digest"
for namespace in wilds default; do
  expect_says "answer to a stranger without a digest in $namespace" "$taken" $namespace nginx:1.27
  [[ $said != *Warning* ]] || fail "there is a warning in $namespace"
done
pass 'others are free'
