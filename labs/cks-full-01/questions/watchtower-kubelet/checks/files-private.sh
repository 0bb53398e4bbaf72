. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../../../node.sh"
for file in /var/lib/kubelet/config.yaml /etc/kubernetes/kubelet.conf; do
  expect_match "owner and mode of $file" '^root [0-7]?[0-7]00$' "$(on_node stat -L -c "'%U %a'" "$file" 2>&1)"
done
pass 'the files are private'
