# Sourced by the checks.
# expect_account yes|no NAME RIGHT... and expect_clerks yes|no RIGHT...
expect_account() {
  expect_rights "$1" "system:serviceaccount:archive:$2" system:serviceaccounts,system:serviceaccounts:archive,system:authenticated "${@:3}"
}
expect_clerks() { expect_rights "$1" ilse clerks,system:authenticated "${@:2}"; }
