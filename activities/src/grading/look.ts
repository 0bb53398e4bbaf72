/** What happens under checks: whether their container lost processes for memory, and how the cluster is that they ask. */
import { hasCluster } from '@ckx/contracts';
import { ASK } from './ask.ts';
import type { CheckPlace } from './run-checks.ts';

/** How long a cluster that is coming to rest is waited for, at most; over all questions of a toolbox, {@link REST_BUDGET_S}. */
const REST_S = 150;
const REST_BUDGET_S = 300;
/** What one look may take beside the waiting: three questions to the API server, and one to the node. */
const LOOK_TIMEOUT_MS = 20_000;

/**
 * Why the checks have to wait a little, a line each. `$leases`, `$nodes`, `$pods` are lists of the API; `$now` is in seconds.
 *
 * A kubelet renews its lease every 10 s, and a node whose lease is older than 50 s is called lost, its Pods unready. After an outage of the API
 * server that may happen although nothing is wrong: the controllers see what has been renewed only once their watches stand again. It is
 * undone when the kubelet has reported.
 */
const RESTLESS = `
def seconds: sub("\\\\.[0-9]+"; "") | fromdate;
def condition($type): first(.status.conditions[]? | select(.type == $type)) // {status: "Unknown"};
def is($type): condition($type).status == "True";
($leases | map(select(.metadata.namespace == "kube-node-lease")
  | {key: .metadata.name, value: ($now - ((.spec.renewTime // "1970-01-01T00:00:00Z") | seconds))}) | from_entries) as $heard
| def is_heard($node): ($heard[$node] // infinite) < 15;
($nodes[] | .metadata.name as $name | condition("Ready") as $ready
  | if $ready.status == "True" then select(is_heard($name) | not) | "The node \\($name) counts as ready, and was not heard of lately."
    elif is_heard($name) | not then empty
    elif $ready.status == "Unknown" then "The node \\($name) is heard of, and counts as lost."
    else select($now - (($ready.lastTransitionTime // "1970-01-01T00:00:00Z") | seconds) < 20) | "The node \\($name) became unready just now." end),
($pods[] | "The Pod \\(.metadata.namespace)/\\(.metadata.name)" as $pod | select(.metadata.deletionTimestamp == null and (is("Ready") | not) and is_heard(.spec.nodeName // ""))
  | if is("ContainersReady") and (.spec.readinessGates // []) == [] then "\\($pod) counts as unready, and its containers as ready."
    elif .metadata.annotations["kubernetes.io/config.source"] == "file"
      and any(.status.containerStatuses[]?; $now - ((.state.running.startedAt // "1970-01-01T00:00:00Z") | seconds) < 30)
    then "\\($pod) is starting." else empty end)`;

/**
 * \`$1\` says whether there is a cluster, \`$2\` for how many seconds at most it may come to rest, \`$3\` the same over all looks in this container.
 * Prints two lines: how many processes of this container the kernel has killed for memory (as either version of cgroups counts); and which start
 * of the API server answers, for its lease names each start, and since when its nodes are as they are. The second is missing where nothing
 * answers. What was waited for goes to standard error.
 */
const LOOK = `end=$((SECONDS + $2))
${ASK}
# Of an API server that is younger than those who watch it; at a boot all of them are of one age. Clients that lost it ask again after up to a minute, and
# among them is what leads to Services.
outage() {
  local ages
  ages=$(timeout 5 ssh -n -o BatchMode=yes -o ConnectTimeout=3 root@controlplane ps -eo etimes=,comm= 2> /dev/null) || return 0
  awk '$2 == "kube-apiserver" { server = $1 + 1 }
    ($2 == "kube-controller" || $2 == "kube-scheduler") && $1 > watching { watching = $1 }
    END { if (server && server < 70 && watching > server + 10) print "The API server was started anew " server - 1 " s ago." }' <<< "$ages"
}
# In a cluster that is shared, of the session's own Pods.
leases=/apis/coordination.k8s.io/v1/leases nodes=/api/v1/nodes pods=/api/v1/\${CKX_NAMESPACE:+namespaces/$CKX_NAMESPACE/}pods
seen() {
  ask $leases $nodes | jq -rs 'if length < 2 then empty else "cluster "
    + ([.[0].items[] | select(.metadata.labels["apiserver.kubernetes.io/identity"] == "kube-apiserver") | .spec.holderIdentity] | sort | join(","))
    + " " + ([.[1].items[] | .metadata.name as $name | .status.conditions[]? | select(.type == "Ready") | "\\($name)=\\(.status)@\\(.lastTransitionTime)"] | sort | join(",")) end'
}
restless() {
  local objects=$run/ckx-objects.$$
  ask $leases $nodes $pods > "$objects"
  jq -rs --argjson now "$(date +%s)" 'if length < 3 then "The API server does not answer." else
    .[0].items as $leases | .[1].items as $nodes | .[2].items as $pods | ${RESTLESS} end' "$objects"
  rm -f "$objects"
}
come_to_rest() {
  local begun now why
  exec {lock}> "$run/ckx-rest.lock"
  flock -w "$2" "$lock" || return 0
  begun=$((SECONDS - $(cat "$run/ckx-rest-spent" 2> /dev/null || echo 0)))
  while :; do
    now=$(seen)
    [ "\${now:-none}" != "$(cat "$run/ckx-rest" 2> /dev/null)" ] || return 0
    why=$(restless)
    [ -n "$why" ] || why=$(outage)
    if [ -z "$why" ] || ((SECONDS >= end || SECONDS - begun >= $3)); then break; fi
    sleep 1
  done
  # Also where it has not come to rest: nobody waits for the same again.
  printf %s "\${now:-none}" > "$run/ckx-rest"
  echo $((SECONDS - begun)) > "$run/ckx-rest-spent"
  [ -z "$why" ] || printf '%s\\n' "$why" >&2
}
[ "$1" != cluster ] || [ "$2" = 0 ] || come_to_rest "$@"
awk '$1 == "oom_kill" { print "memory " $2 }' /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control 2> /dev/null
[ "$1" != cluster ] || seen`;

export interface Look {
  readonly memoryKills: string;
  /** null while the API server does not answer; empty where there is no cluster. */
  readonly cluster: string | null;
  /** What was not at rest when the waiting ended; empty otherwise. */
  readonly restless: string;
}

/** What is there now. */
export function look(place: CheckPlace): Promise<Look> {
  return lookAfter(place, 0);
}

/**
 * Waits until a cluster is at rest: a node that has lost its API server for a while is called lost, and its Pods unready, when it is back, and
 * checks would find them so. What its candidate has broken does not come to rest, and is not waited for again.
 */
export function lookAtRest(place: CheckPlace): Promise<Look> {
  return lookAfter(place, REST_S);
}

async function lookAfter({ provider, spec, role, signal }: CheckPlace, seconds: number): Promise<Look> {
  const asksCluster = hasCluster(spec.needs);
  const command = ['bash', '-c', LOOK, 'ckx-look', asksCluster ? 'cluster' : 'none', String(seconds), String(REST_BUDGET_S)];
  const execution = { command, timeoutMs: seconds * 1_000 + LOOK_TIMEOUT_MS, outputLimitBytes: 16 * 1_024 };
  const { stdout, stderr } = await provider.exec(spec, role, execution, signal);
  const lines = stdout.split('\n');
  const memoryKills = lines.find((line) => line.startsWith('memory ')) ?? '';
  const cluster = asksCluster ? (lines.find((line) => line.startsWith('cluster ')) ?? null) : '';
  return { memoryKills, cluster, restless: stderr.trim() };
}
