/** The proofs at the end of a run must be able to fail: each is shown what it is there to find. */
import { ExamSessionId, ExecutionEnvironmentId } from '@ckx/contracts';
import { ApiClient } from '@ckx/test-support/client';
import { describe, expect, it } from 'vitest';
import type { Subject } from './drive.ts';
import { proveAttempts, proveEnds, proveNothingLeft, proveOrder, type Finding } from './proof.ts';
import type { SessionRow } from './records.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000);
const [USUAL_MIB, LARGE_MIB] = [4_608, 8_704];

/** A session that was submitted and graded, number `queueNumber` in the queue and in admission. */
function row(queueNumber: number, values: Partial<SessionRow> = {}): SessionRow {
  return {
    id: ExamSessionId.parse(crypto.randomUUID()),
    userId: crypto.randomUUID(),
    state: 'terminated',
    outcome: 'submitted',
    failure: null,
    createdAt: at(0),
    startedAt: at(10),
    deadlineAt: at(70),
    endedAt: at(30),
    submitRequestedAt: at(30),
    terminateRequestedAt: null,
    queueNumber,
    overtaken: 0,
    memoryMib: USUAL_MIB,
    environmentId: ExecutionEnvironmentId.parse(crypto.randomUUID()),
    environment: 'destroyed',
    attempts: 1,
    attempt: 'graded',
    earned: 3,
    possible: 6,
    provisional: false,
    admittedAs: queueNumber,
    ...values,
  };
}

function subjectOf({ id, userId }: SessionRow): Subject {
  const plan = { number: 0, fate: 'submits' as const, labId: 'load-usual', lingersMs: 0, losesNode: false };
  return { plan, candidate: { userId, client: new ApiClient('http://127.0.0.1:9') }, id, metAt: null, askedAt: 0, nodeKilled: false };
}

const wrongOf = (findings: readonly Finding[]) => findings.filter(({ ok }) => !ok).map(({ what }) => what);
const score = () => ({ earned: 3, possible: 6 });
const failure = { type: 'infra' as const, code: 'HOST_GONE', reason: 'Its host did not come back.' };
const failed = (values: Partial<SessionRow> = {}) =>
  row(1, { state: 'failed', outcome: null, failure, attempt: 'void', earned: null, possible: null, ...values });

describe('how sessions end', () => {
  const prove = (rows: readonly SessionRow[], kills: readonly number[] = [], share = 1) => {
    const done = kills.map((seconds) => ({ component: 'api', at: at(seconds).getTime() }));
    return wrongOf(proveEnds(rows.map(subjectOf), rows, done, share));
  };

  it('is right where it is', () => {
    expect(prove([row(1), row(2)])).toEqual([]);
  });

  it('is wrong with another outcome, and where one is lost or there is one too many', () => {
    expect(prove([row(1, { outcome: 'cancelled' })])).toEqual(['each session came to its end']);
    const [kept, lost] = [row(1), row(2)];
    expect(wrongOf(proveEnds([kept, lost].map(subjectOf), [kept], [], 1))).toContain('each session came to its end');
    expect(wrongOf(proveEnds([subjectOf(kept)], [kept, lost], [], 1))).toEqual(['no session but those asked for']);
  });

  it('may be a failure only with a reason, of ours, after a kill, and seldom', () => {
    expect(prove([failed()], [20])).toEqual([]);
    expect(prove([failed()])).toContain('each session came to its end');
    expect(prove([failed()], [40])).toContain('each session came to its end');
    expect(prove([failed({ failure: { ...failure, reason: '' } })], [20])).toContain('each session came to its end');
    expect(prove([failed({ failure: { ...failure, type: 'runtime' } })], [20])).toContain('each session came to its end');
    expect(prove([failed(), failed()], [20], 0.5)).toEqual(['few came to another']);
  });

  it('may be the deadline only where nobody could be asked before', () => {
    const expired = { outcome: 'expired' as const, endedAt: at(70) };
    expect(prove([row(1, { ...expired, submitRequestedAt: null })], [20])).toEqual([]);
    expect(prove([row(1, { ...expired, submitRequestedAt: at(40) })], [20])).toEqual(['each session came to its end']);
    expect(prove([row(1, { ...expired, submitRequestedAt: null })])).toContain('each session came to its end');
  });
});

describe('attempts', () => {
  const prove = (values: Partial<SessionRow>) => wrongOf(proveAttempts([row(1, values)], score));

  it('are one for each clock that ran, with the right score', () => {
    expect(prove({})).toEqual([]);
    expect(prove({ attempts: 0 })).toEqual(['one attempt for each session whose clock ran']);
    expect(prove({ attempts: 2 })).toEqual(['one attempt for each session whose clock ran']);
    expect(prove({ earned: 4 })).toEqual(['the right score']);
    expect(prove({ provisional: true })).toEqual(['the right score']);
    expect(prove({ attempt: 'grading_failed' })).toEqual(['the right score']);
    expect(prove({ outcome: 'cancelled' })).toEqual(['what was not handed in is void']);
  });
});

describe('the queue', () => {
  const first = (values: Partial<SessionRow>) => row(1, { memoryMib: LARGE_MIB, admittedAs: 9, ...values });

  it('is kept where a large need was passed by smaller ones, as often as was counted', () => {
    expect(wrongOf(proveOrder([row(1), row(2)]))).toEqual([]);
    expect(wrongOf(proveOrder([first({ overtaken: 3 }), row(2), row(3), row(4)]))).toEqual([]);
  });

  it('is not kept where one who needs as much went first, too many did, or it was not counted', () => {
    expect(wrongOf(proveOrder([first({ overtaken: 1, memoryMib: USUAL_MIB }), row(2)]))).toEqual(['nobody went first who needed as much']);
    expect(wrongOf(proveOrder([first({ overtaken: 4 }), row(2), row(3), row(4), row(5)]))).toEqual([
      'nobody was overtaken more than three times',
    ]);
    expect(wrongOf(proveOrder([first({ overtaken: 0 }), row(2)]))).toEqual(['each time was counted']);
  });
});

it('finds what is left', () => {
  expect(wrongOf(proveNothingLeft([row(1)], 0, []))).toEqual([]);
  expect(wrongOf(proveNothingLeft([row(1, { environment: 'lost' })], 2, ['a folder']))).toEqual([
    'every environment is destroyed',
    'no port is taken',
    'nothing is left on the host',
  ]);
});
