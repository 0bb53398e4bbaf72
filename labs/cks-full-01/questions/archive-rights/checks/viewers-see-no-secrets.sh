. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../api.sh"
. "${BASH_SOURCE[0]%/*}/../may.sh"
# The controller that gathers the parts of view takes a moment, also to put back what was edited.
sleep 1
for verb in get list; do expect_soon 6 "auditor may $verb secrets in archive" no account auditor $verb secrets -n archive; done
expect 'auditor may list pods in archive' yes "$(account auditor list pods -n archive)"
expect 'ClusterRoles that are gathered into view and name Secrets' '' "$(k get clusterroles -l rbac.authorization.k8s.io/aggregate-to-view=true -o json |
  jq -r '[.items[] | select(any(.rules[]?; any(.resources[]?; . == "secrets" or . == "*"))) | .metadata.name] | join(" ")')"
pass 'viewers see no Secrets'
