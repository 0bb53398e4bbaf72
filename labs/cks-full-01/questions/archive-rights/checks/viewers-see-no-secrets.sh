. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../may.sh"
# The controller that gathers the parts of view takes a moment, also to put back what was edited.
sleep 1
none() { (expect_account no auditor 'get secrets archive' 'list secrets archive'); }
wait_for 6 'whether auditor may read no Secrets' none
expect_account yes auditor 'list pods archive'
expect 'ClusterRoles that are gathered into view and name Secrets' '' "$(k get clusterroles -l rbac.authorization.k8s.io/aggregate-to-view=true -o json |
  jq -r '[.items[] | select(any(.rules[]?; any(.resources[]?; . == "secrets" or . == "*"))) | .metadata.name] | join(" ")')"
pass 'viewers see no Secrets'
