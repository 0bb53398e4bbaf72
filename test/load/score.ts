import { isSolved } from './chance.ts';
import type { ExpectedScore } from './proof.ts';
import type { SessionRow } from './records.ts';

/** The packs of the load test have two questions with two checks each, worth 1 and 2. */
const CHECKS = ['one', 'two'].flatMap((question) => [
  { script: `questions/${question}/checks/first.sh`, weight: 1 },
  { script: `questions/${question}/checks/second.sh`, weight: 2 },
]);

/** What the simulated host's rule makes of a session. */
export function scoreOf(seed: string, { id }: SessionRow): ExpectedScore {
  const sum = (checks: typeof CHECKS) => checks.reduce((total, { weight }) => total + weight, 0);
  return { earned: sum(CHECKS.filter(({ script }) => isSolved(seed, id, script))), possible: sum(CHECKS) };
}
