. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../may.sh"
for right in 'get deployments.apps' 'get deployments.apps/scale'; do expect "linus may $right in engine-shed" yes "$(may linus $right -n engine-shed)"; done
[ "$(may linus patch deployments.apps/scale -n engine-shed) $(may linus update deployments.apps/scale -n engine-shed)" != 'no no' ] || fail 'linus may not change the scale of Deployments'
note 'linus may change the scale of Deployments in engine-shed'
for right in 'patch deployments.apps' 'update deployments.apps' 'delete deployments.apps' 'create deployments.apps' 'patch statefulsets.apps/scale'; do
  expect "linus may $right in engine-shed" no "$(may linus $right -n engine-shed)"
done
expect 'linus may patch deployments.apps/scale in default' no "$(may linus patch deployments.apps/scale -n default)"
expect 'another driver may patch deployments.apps/scale in engine-shed' no "$(may olga patch deployments.apps/scale -n engine-shed)"
pass 'Linus may scale'
