. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../may.sh"
expect_driver yes linus 'get deployments.apps engine-shed' 'get deployments.apps/scale engine-shed'
expect_driver no linus 'patch deployments.apps engine-shed' 'update deployments.apps engine-shed' 'delete deployments.apps engine-shed' \
  'create deployments.apps engine-shed' 'patch statefulsets.apps/scale engine-shed' 'patch deployments.apps/scale default'
expect_driver no olga 'patch deployments.apps/scale engine-shed'
# One of the two is enough: kubectl scale uses the first that it may.
either() { (expect_driver yes linus "$1 deployments.apps/scale engine-shed"); }
either patch || either update || fail 'linus may not change the scale of Deployments'
pass 'Linus may scale'
