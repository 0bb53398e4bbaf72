import {
  AttemptResult,
  CheckId,
  type ExamSessionId,
  LabRegradeReport,
  QuestionId,
  RegradeReport,
  UserView,
  type Verdict,
} from '@ckx/contracts';
import { AuditEntity, CheckResultEntity, ExamAttemptEntity, MailEntity, QuestionResultEntity, RegradeEntity } from '@ckx/persistence';
import { type ApiClient, expectProblem } from '@ckx/test-support/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApi, type TestApi } from './harness.ts';
import { type WrittenQuestion, writeLab } from './lab-folder.ts';
import { advance, end, rowOf } from './session-records.ts';

const LAB = 'written-mock';
const GRADED_BY: readonly WrittenQuestion[] = [
  { id: 'q1', domain: 'Alpha', checks: { a: [2, 'exit 1'], b: [2, 'exit 1'] } },
  { id: 'q2', domain: 'Beta', checks: { a: [4, 'exit 1'] } },
];
/** The weight of q1/a was wrong, the script of q1/b as well, and q2/a cannot be decided by anybody. */
const CORRECTED: readonly WrittenQuestion[] = [
  { id: 'q1', domain: 'Alpha', checks: { a: [6, 'exit 1'], b: [2, 'exit 2'] } },
  { id: 'q2', domain: 'Beta', checks: { c: [4, 'exit 1'] } },
];

/** Before the lab was corrected, and after: another process, as after any change of labs. */
let before: TestApi;
let after: TestApi;
beforeAll(async () => {
  before = await startApi({ CKX_LABS: await writeLab(GRADED_BY) });
  const DATABASE_URL = before.config.DATABASE_URL;
  after = await startApi({ DATABASE_URL, CKX_LABS: await writeLab(CORRECTED) });
});
afterAll(async () => {
  await before.close();
  await after.close();
});

/** A session of the lab as it was, ended and graded. */
async function attempt(
  verdicts: readonly [Verdict, Verdict, Verdict] = ['passed', 'failed', 'errored'],
): Promise<{ client: ApiClient; id: ExamSessionId }> {
  const client = await before.candidate();
  const id = await client.startSession(LAB);
  await advance(before, id, 'initializing', 'ready', 'running');
  const { userId, labId, labDigest } = await rowOf(before, id);
  const { manager } = before.database;
  const percent = verdicts[0] === 'passed' ? 50 : 0;
  const score = { earned: percent / 25, possible: 4, percent, provisional: true, passed: percent >= 50 };
  const { id: attemptId } = await manager.save(ExamAttemptEntity, {
    examSessionId: id,
    userId,
    labId,
    labDigest,
    state: 'graded',
    ...score,
  });
  const rows = [
    ['q1', 'a', 2],
    ['q1', 'b', 2],
    ['q2', 'a', 4],
  ] as const;
  for (const [position, question] of ['q1', 'q2'].entries()) {
    await manager.insert(QuestionResultEntity, { attemptId, questionId: QuestionId.parse(question), position: position + 1 });
  }
  for (const [index, [question, check, weight]] of rows.entries()) {
    const of = { attemptId, questionId: QuestionId.parse(question), checkId: CheckId.parse(check) };
    const verdict = verdicts[index] ?? 'errored';
    await manager.insert(CheckResultEntity, {
      ...of,
      position: index,
      description: `was ${check}`,
      weight,
      verdict,
      evidence: 'seen',
      exitCode: 0,
      durationMs: 1,
    });
  }
  await end(before, id, 'submitted');
  return { client: new (client.constructor as typeof ApiClient)(after.url, client.accessToken), id };
}

const reason = 'A weight was wrong.';
const regrade = async (id: ExamSessionId) => {
  const answer = await (await after.admin()).send('POST', `/admin/sessions/${id}/regrade`, { reason });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return RegradeReport.parse(answer.body);
};

describe('an attempt', () => {
  test('is graded again from what is stored, says of each check what was done, and keeps both results', async () => {
    const { client, id } = await attempt();
    const report = await regrade(id);
    expect(report).toMatchObject({
      regraded: true,
      earlier: { earned: 2, possible: 4, percent: 50, provisional: true, passed: true },
      current: { earned: 6, possible: 8, percent: 75, provisional: false, passed: true },
    });
    expect(report.statements.map(({ questionId, checkId, statement }) => [questionId, checkId, statement])).toEqual([
      ['q1', 'a', expect.stringMatching(/counts 6 instead of 2/)],
      ['q1', 'b', expect.stringMatching(/script was changed.*\(failed\) stands/)],
      ['q2', 'a', expect.stringMatching(/was dropped/)],
      ['q2', 'c', expect.stringMatching(/is new/)],
    ]);
    const result = await client.get(`/sessions/${id}/result`, AttemptResult);
    expect(result).toMatchObject({ percent: 75, earned: 6, possible: 8, provisional: false, labDigest: report.labDigest });
    expect(result.questions.map(({ earned, possible, checks }) => [earned, possible, checks.length])).toEqual([
      [6, 8, 2],
      [0, 0, 0],
    ]);
    const { labDigest } = await rowOf(before, id);
    expect(result.regrades).toMatchObject([
      {
        reason,
        labDigest: report.labDigest,
        statements: report.statements,
        earlier: { percent: 50, provisional: true, passed: true, labDigest },
      },
    ]);
    expect(result.regrades[0]?.earlier.questions[1]?.checks).toEqual([
      { checkId: 'a', description: 'was a', weight: 4, verdict: 'errored' },
    ]);
  });

  test('is regraded once by a pack: a repeat changes nothing, and tells nobody again', async () => {
    const { client, id } = await attempt();
    const first = await regrade(id);
    const again = await regrade(id);
    expect(again).toEqual({ ...first, regraded: false, earlier: first.current });
    const { manager } = before.database;
    expect(await manager.countBy(RegradeEntity, { attemptId: first.attemptId })).toBe(1);
    expect(await manager.countBy(AuditEntity, { action: 'session.regrade', targetId: id })).toBe(1);
    const { id: userId } = await client.get('/users/me', UserView);
    const mails = await manager.findBy(MailEntity, { userId, kind: 'attempt_regraded' });
    expect(mails).toMatchObject([{ data: { reason, earlierPercent: 50, percent: 75, passed: true, sessionId: id } }]);
  });

  test('is given back what a correction took, by the next', async () => {
    const { client, id } = await attempt();
    await regrade(id);
    const admin = await before.admin();
    const back = RegradeReport.parse((await admin.send('POST', `/admin/sessions/${id}/regrade`, { reason: 'It was right before.' })).body);
    expect(back.current).toEqual({ earned: 2, possible: 4, percent: 50, provisional: true, passed: true });
    expect((await client.get(`/sessions/${id}/result`, AttemptResult)).regrades.map((one) => one.reason)).toEqual([
      'It was right before.',
      reason,
    ]);
  });

  test('that has no result cannot be', async () => {
    const admin = await after.admin();
    const open = await (await before.candidate()).startSession(LAB);
    const ask = (id: ExamSessionId) => admin.send('POST', `/admin/sessions/${id}/regrade`, { reason });
    expectProblem(await ask(open), 409, 'NOTHING_TO_REGRADE');
    const { id } = await attempt();
    await before.database.manager.update(
      ExamAttemptEntity,
      { examSessionId: id },
      { state: 'grading', earned: null, possible: null, percent: null, passed: null },
    );
    expectProblem(await ask(id), 409, 'GRADING_UNDER_WAY');
    expectProblem(await admin.send('POST', `/admin/sessions/${id}/regrade`, {}), 400, 'VALIDATION_FAILED');
    const { client, id: own } = await attempt();
    expectProblem(await client.send('POST', `/admin/sessions/${own}/regrade`, { reason }), 403, 'ADMIN_ONLY');
  });
});

test('a lab is regraded attempt by attempt; those that are by now are left alone', async () => {
  const admin = await after.admin();
  const all = async () => LabRegradeReport.parse((await admin.send('POST', `/admin/labs/${LAB}/regrade`, { reason })).body);
  await all();
  const ids = [(await attempt()).id, (await attempt(['failed', 'failed', 'errored'])).id];
  const { attempts, remaining, labDigest } = await all();
  expect(attempts.map(({ examSessionId }) => examSessionId).toSorted()).toEqual(ids.toSorted());
  expect(attempts.every((report) => report.regraded && report.labDigest === labDigest)).toBe(true);
  expect(remaining).toBe(0);
  expect((await all()).attempts).toEqual([]);
  expectProblem(await admin.send('POST', '/admin/labs/no-such-lab/regrade', { reason }), 404, 'LAB_UNKNOWN');
});
