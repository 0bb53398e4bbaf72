. "$CKX_CHECKS/2.sh"
expect 'replicas of the Deployment sieve' 0 "$(value_of mill deployment sieve .spec.replicas)"
none() { [ -z "$(k -n mill get pods -l app=sieve -o name)" ]; }
wait_for 8 'whether no Pod of it is left' none
for name in millstone sacks; do expect "ready Pods of $name" 1 "$(ready_pods mill $name | grep -c .)"; done
pass 'the intruder is stopped'
