# Sourced by the checks.
# expect_driver yes|no USER RIGHT...: what the API server says of a driver.
expect_driver() { expect_rights "$1" "$2" drivers,system:authenticated "${@:3}"; }
