/** Checks count only where nothing of ours went wrong under them: memory of their container, or the API server. */
import { setTimeout as sleep } from 'node:timers/promises';
import { nodesOf, type CheckResult } from '@ckx/contracts';
import type { PackCheck } from '@ckx/lab-packs';
import { runChecks, type CheckPlace } from './run-checks.ts';

/** How often the checks of a question run anew at most. */
const ROUNDS_AGAIN = 2;
/** How long an API server that does not answer is waited for; one whose process ended is back within this. */
const API_WAIT_MS = 30_000;
const API_LOOK_MS = 1_000;
const LOOK_TIMEOUT_MS = 8_000;

/**
 * Two lines: how many processes of this container the kernel has killed for memory (as either version of cgroups counts), and which start of
 * the API server answers: its lease names each start.
 */
const LOOK = `awk '$1 == "oom_kill" { print "memory " $2 }' /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control 2> /dev/null
[ "$1" = cluster ] || exit 0
kubectl --request-timeout=5s get --raw \\
  '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases?labelSelector=apiserver.kubernetes.io%2Fidentity%3Dkube-apiserver' \\
  | jq -r '"api " + ([.items[].spec.holderIdentity] | sort | join(","))'`;

interface Look {
  readonly memoryKills: string;
  /** null while the API server does not answer. */
  readonly apiServer: string | null;
}

/**
 * Runs the checks of a question until nothing happened under them; what could not be decided runs once more by itself. Where things do not
 * come to rest, the last results count: checks that lack an API server say so themselves.
 *
 * @param onCheck told of each check that begins.
 */
export async function runSteadily(
  place: CheckPlace,
  checks: readonly PackCheck[],
  onCheck: (check: PackCheck) => void,
): Promise<CheckResult[]> {
  for (let again = 0; ; again += 1) {
    const before = await look(place);
    // The second time by themselves: of those that ran beside a greedy one, none is killed for it again.
    const results = await runChecks(place, again === 0 ? checks : checks.map((check) => ({ ...check, serial: true })), onCheck);
    const after = await look(place);
    if (isSame(before, after) || again === ROUNDS_AGAIN) return decideAgain(place, checks, results, onCheck);
    if (after.apiServer === null && !(await apiComesBack(place))) return results;
  }
}

/** A time limit, a signal or an answer that was not given: once more, with nothing beside it. */
async function decideAgain(
  place: CheckPlace,
  checks: readonly PackCheck[],
  results: readonly CheckResult[],
  onCheck: (check: PackCheck) => void,
): Promise<CheckResult[]> {
  const undecided = new Set(results.filter(({ verdict }) => verdict === 'errored').map(({ checkId }) => checkId));
  const worthIt = checks.filter(({ id, script }) => script !== null && undecided.has(id)).map((check) => ({ ...check, serial: true }));
  const again = await runChecks(place, worthIt, onCheck);
  return results.map((result) => again.find(({ checkId }) => checkId === result.checkId) ?? result);
}

function isSame(before: Look, after: Look): boolean {
  return before.memoryKills === after.memoryKills && before.apiServer === after.apiServer && hasAnswered(after);
}

function hasAnswered({ apiServer }: Look): boolean {
  return apiServer !== null;
}

async function apiComesBack(place: CheckPlace): Promise<boolean> {
  const until = Date.now() + API_WAIT_MS;
  while (Date.now() < until) {
    await sleep(API_LOOK_MS, undefined, { signal: place.signal });
    if (hasAnswered(await look(place))) return true;
  }
  return false;
}

async function look({ provider, spec, role, signal }: CheckPlace): Promise<Look> {
  const hasCluster = nodesOf(spec.needs).length > 0;
  const command = ['bash', '-c', LOOK, 'ckx-look', hasCluster ? 'cluster' : 'none'];
  const { stdout } = await provider.exec(spec, role, { command, timeoutMs: LOOK_TIMEOUT_MS, outputLimitBytes: 4_096 }, signal);
  const lines = stdout.split('\n');
  const memoryKills = lines.find((line) => line.startsWith('memory ')) ?? '';
  return { memoryKills, apiServer: hasCluster ? (lines.find((line) => line.startsWith('api ')) ?? null) : '' };
}
