. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../server.sh"
# version OPTION: the version of TLS that is agreed upon, or "none".
version() { timeout 8 openssl s_client -connect "${server#https://}" "$1" < /dev/null 2> /dev/null | awk '/^New, TLSv/ {gsub(",", "", $2); found = $2} END {print found ? found : "none"}'; }
expect_soon 6 'what becomes of TLS 1.2' none version -tls1_2
expect_soon 6 'what becomes of TLS 1.3' TLSv1.3 version -tls1_3
pass 'TLS is modern'
