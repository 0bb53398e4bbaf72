. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../try.sh"
expect_match 'answer to a Pod on the network of the node in workshop' 'violates PodSecurity "baseline' "$(try workshop "$on_host")"
said=$(try workshop "$plain")
expect_match 'answer to an ordinary Pod in workshop' 'created \(server dry run\)' "$said"
expect_match 'warning about an ordinary Pod in workshop' 'Warning: would violate PodSecurity "restricted' "$said"
pass 'the workshop takes what is baseline'
