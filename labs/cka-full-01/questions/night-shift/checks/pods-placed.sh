. "$CKX_CHECKS/2.sh"
expect 'scheduler of the Deployment watch' night-scheduler "$(value_of night-shift deployment watch .spec.template.spec.schedulerName)"
one_ready() { ready_pods night-shift watch | grep -c .; }
expect_soon 8 'ready Pods of watch' 1 one_ready
# A new Pod, which does not run for long.
gone() { k -n night-shift delete pod ckx-night-probe --ignore-not-found --force --grace-period=0 > /dev/null 2>&1; }
trap gone EXIT
gone
k apply -f - > /dev/null << 'YAML' || undecided 'no Pod could be made that asks for the scheduler'
apiVersion: v1
kind: Pod
metadata: { name: ckx-night-probe, namespace: night-shift }
spec:
  schedulerName: night-scheduler
  terminationGracePeriodSeconds: 0
  restartPolicy: Never
  containers: [{ name: probe, image: 'registry.k8s.io/pause:3.10.1', imagePullPolicy: IfNotPresent }]
YAML
# ckx-lint: allow CHECK_NAME_UNKNOWN
placed() { k -n night-shift get pod ckx-night-probe -o jsonpath='{.spec.nodeName}' | grep .; }
wait_for 10 'node of a new Pod that asks for night-scheduler' placed
pass 'its Pods are placed'
