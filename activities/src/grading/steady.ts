/** Checks count only where nothing of ours went wrong under them: memory of their container, the API server, or a node. */
import type { CheckResult } from '@ckx/contracts';
import type { PackCheck } from '@ckx/lab-packs';
import { look, lookAtRest, type Look } from './look.ts';
import { runChecks, type CheckPlace } from './run-checks.ts';

/** How often the checks of a question run anew at most. */
const ROUNDS_AGAIN = 2;

/**
 * Runs the checks of a question, once its cluster is at rest, until nothing happened under them; what could not be decided runs once more
 * by itself. Where things do not come to rest, the last results count: checks that lack an API server say so themselves.
 *
 * @param onCheck told of each check that begins. @param onRestless told why a cluster was not at rest when the checks began all the same.
 */
export async function runSteadily(
  place: CheckPlace,
  checks: readonly PackCheck[],
  onCheck: (check: PackCheck) => void,
  onRestless: (why: string) => void,
): Promise<CheckResult[]> {
  let results: CheckResult[] = [];
  for (let again = 0; ; again += 1) {
    const before = await lookAtRest(place);
    if (before.restless !== '') onRestless(before.restless);
    if (again > 0 && before.cluster === null) return results;
    // The second time by themselves: of those that ran beside a greedy one, none is killed for it again.
    results = await runChecks(place, again === 0 ? checks : checks.map((check) => ({ ...check, serial: true })), onCheck);
    const after = await look(place);
    if (isSame(before, after) || again === ROUNDS_AGAIN) return decideAgain(place, checks, results, onCheck);
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
  return before.memoryKills === after.memoryKills && before.cluster === after.cluster && after.cluster !== null;
}
