. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../route.sh"
for path in /bread /bread/ /bread/rye; do expect "where market.example.com$path leads" bakery:80 "$(route market.example.com "$path")"; done
for path in /fish /fish/trout /fish/ponds/deep; do expect "where market.example.com$path leads" fishmonger:8080 "$(route market.example.com "$path")"; done
expect 'where market.example.com/fish/ponds leads' hall:80 "$(route market.example.com /fish/ponds)"
pass 'the paths lead to their shops'
