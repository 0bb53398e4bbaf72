. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
package=/home/candidate/packages/mill-0.2.0.tgz
[ -s "$package" ] || fail "there is no $package"
expect 'name and version of the package' 'mill 0.2.0' "$(h show chart "$package" 2>&1 | yq -r '.name + " " + .version')"
said=$(h template probe "$package" --set grain=oats 2>&1) || fail "the package does not render: ${said:0:500}"
pass 'the package can be used'
