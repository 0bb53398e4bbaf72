/** What must hold at the end of a run, each with what was found: pure rules over the records, and questions to those who know. */
import { unitsOf, type EnvironmentNeeds } from '@ckx/contracts';
import { OUTCOME } from './fates.ts';
import type { Subject } from './drive.ts';
import type { Kill } from './kills.ts';
import type { SessionRow } from './records.ts';

export interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Longest time in which what was killed can make a session fail: a host may be away for five minutes. */
const EXPLAINS_MS = 6 * 60_000;
const MOST_OVERTAKEN = 3;

export function finding(what: string, wrong: readonly string[], right: string): Finding {
  const some = wrong.slice(0, 5).join('; ');
  return { what, ok: wrong.length === 0, detail: wrong.length === 0 ? right : `${wrong.length} wrong: ${some}` };
}

/** How a session ended, measured by its fate: one of these, or what is wrong with it. */
const ENDS = ['as fated', 'overtaken by its deadline', 'failed, explained'] as const;

function endOf({ plan }: Subject, row: SessionRow, kills: readonly Kill[]): string {
  if (row.state === 'failed') {
    const { type, reason } = row.failure ?? {};
    const isOurs = (type === 'infra' || type === 'init') && reason !== undefined && reason.length > 0;
    const ended = row.endedAt?.getTime() ?? 0;
    const isExplained = kills.some(({ at }) => at <= ended && ended - at < EXPLAINS_MS && at >= row.createdAt.getTime() - 60_000);
    return isOurs && isExplained ? 'failed, explained' : `${row.id} ${plan.fate}: failed, ${JSON.stringify(row.failure)}`;
  }
  if (row.outcome === OUTCOME[plan.fate]) return 'as fated';
  // What was asked for came after the time was over, since nobody could be asked before.
  const asked = row.submitRequestedAt ?? row.terminateRequestedAt;
  const deadline = row.deadlineAt?.getTime() ?? 0;
  const tooLate = row.outcome === 'expired' && kills.length > 0 && (asked === null || asked.getTime() > deadline - 5_000);
  return tooLate ? 'overtaken by its deadline' : `${row.id} ${plan.fate}: ${row.state} ${row.outcome}`;
}

/** @param failedAtMost of all sessions, the share that may end otherwise where kills explain it. */
export function proveEnds(
  subjects: readonly Subject[],
  rows: readonly SessionRow[],
  kills: readonly Kill[],
  failedAtMost: number,
): Finding[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const ends = subjects.map((subject) => {
    const row = subject.id === null ? undefined : byId.get(subject.id);
    return row === undefined ? `number ${subject.plan.number} is lost` : endOf(subject, row, kills);
  });
  const count = (end: (typeof ENDS)[number]) => ends.filter((one) => one === end).length;
  const wrong = ends.filter((end) => !ENDS.some((known) => known === end));
  const [failed, late] = [count('failed, explained'), count('overtaken by its deadline')];
  const words = `${count('as fated')} as fated, ${late} overtaken by their deadline, ${failed} failed as init or infra with a reason`;
  const limit = Math.ceil(kills.length === 0 ? 0 : subjects.length * failedAtMost);
  return [
    finding('each session came to its end', wrong, words),
    finding(
      'few came to another',
      failed + late > limit ? [`${failed + late}, where ${limit} are allowed`] : [],
      `${failed + late} of at most ${limit}`,
    ),
    finding('no session but those asked for', rows.length === subjects.length ? [] : [`${rows.length} rows`], `${rows.length} rows`),
  ];
}

export interface ExpectedScore {
  readonly earned: number;
  readonly possible: number;
}

export function proveAttempts(rows: readonly SessionRow[], expectedOf: (row: SessionRow) => ExpectedScore): Finding[] {
  const started = rows.filter(({ startedAt }) => startedAt !== null);
  const wrongCount = rows.filter(({ startedAt, attempts }) => attempts !== (startedAt === null ? 0 : 1));
  const graded = started.filter(({ outcome }) => outcome === 'submitted' || outcome === 'expired');
  const wrongScore = graded.flatMap((row) => {
    const { earned, possible } = expectedOf(row);
    const isRight = row.attempt === 'graded' && row.earned === earned && row.possible === possible && row.provisional === false;
    return isRight ? [] : [`${row.id} ${row.attempt} ${row.earned}/${row.possible}, expected ${earned}/${possible}`];
  });
  const notVoid = started.filter((row) => !graded.includes(row) && row.attempt !== 'void');
  return [
    finding(
      'one attempt for each session whose clock ran',
      wrongCount.map(({ id, attempts }) => `${id} has ${attempts}`),
      `${started.length} attempts`,
    ),
    finding('the right score', wrongScore, `${graded.length} graded`),
    finding(
      'what was not handed in is void',
      notVoid.map(({ id, attempt }) => `${id} is ${attempt}`),
      `${started.length - graded.length} void`,
    ),
  ];
}

const needs = (nodes: number): EnvironmentNeeds => ({
  cluster: 'dedicated',
  nodes,
  dockerEngine: false,
  desktop: false,
  egress: 'none',
  addons: [],
});
const LARGE_MIB = unitsOf(needs(2)).memoryMib;

/**
 * First come, first served: who came later went first only where they needed less, at most three times for each, and every time was
 * counted when it happened.
 */
export function proveOrder(rows: readonly SessionRow[]): Finding[] {
  const admitted = rows.filter(({ admittedAs }) => admittedAs !== null);
  const passedBy = new Map<string, SessionRow[]>();
  for (const [index, one] of admitted.entries()) {
    // Rows come in the order of the queue.
    const passers = admitted.slice(index + 1).filter((other) => (other.admittedAs ?? 0) < (one.admittedAs ?? 0));
    if (passers.length > 0) passedBy.set(one.id, passers);
  }
  const withPassers = admitted.map((row) => ({ row, passers: passedBy.get(row.id) ?? [] }));
  const unruly = withPassers.flatMap(({ row, passers }) =>
    passers.filter(({ memoryMib }) => (memoryMib ?? 0) >= (row.memoryMib ?? 0)).map((passer) => `${passer.id} before ${row.id}`),
  );
  const often = withPassers
    .filter(({ passers }) => passers.length > MOST_OVERTAKEN)
    .map(({ row, passers }) => `${row.id} by ${passers.length}`);
  const miscounted = withPassers
    .filter(({ row, passers }) => row.overtaken !== passers.length)
    .map(({ row, passers }) => `${row.id} says ${row.overtaken}, was ${passers.length}`);
  const large = admitted.filter(({ memoryMib }) => memoryMib === LARGE_MIB).length;
  const times = withPassers.reduce((sum, { passers }) => sum + passers.length, 0);
  return [
    finding('nobody went first who needed as much', unruly, `${admitted.length} admitted, ${large} of them with a large need`),
    finding('nobody was overtaken more than three times', often, `${times} times in all`),
    finding('each time was counted', miscounted, `${times} times`),
  ];
}

export function proveNothingLeft(rows: readonly SessionRow[], ports: number, leftovers: readonly string[]): Finding[] {
  const alive = rows.filter(({ environment }) => environment !== null && environment !== 'destroyed');
  return [
    finding(
      'every environment is destroyed',
      alive.map(({ id, environment }) => `${id} is ${environment}`),
      'none left',
    ),
    finding('no port is taken', ports === 0 ? [] : [`${ports} rows`], 'none'),
    finding('nothing is left on the host', leftovers, 'no part, no folder'),
  ];
}
