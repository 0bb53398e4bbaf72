. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../../../node.sh"
expect 'whether the account is there' smith "$(on_node id -un smith 2>&1)"
expect_match 'what smith may do' 'not allowed to run sudo' "$(on_node sudo -l -U smith 2>&1)"
pass 'smith is powerless'
