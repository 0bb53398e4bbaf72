. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../try.sh"
expect_match 'answer to an ordinary Pod in kiosk' 'violates PodSecurity "restricted:v1\.34"' "$(try kiosk "$plain")"
expect_match 'answer to a restricted Pod in kiosk' 'created \(server dry run\)' "$(try kiosk "$restricted")"
pass 'the kiosk is restricted'
