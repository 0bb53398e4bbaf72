import { digestOf } from '@ckx/blobs';
import { putBlob } from '@ckx/blobs/store';
import { CheckId, QuestionId, type BlobDigest, type CheckResult, type ExamSessionId, type QuestionResult } from '@ckx/contracts';
import {
  CheckResultEntity,
  ClockEntryEntity,
  ExamAttemptEntity,
  ExamSessionEntity,
  openDatabase,
  QuestionResultEntity,
  SessionEventEntity,
  type DataSource,
} from '@ckx/persistence';
import { getAttemptResult } from '@ckx/session-status';
import { insertSession } from '@ckx/test-support/records';
import { testPostgres } from '@ckx/test-support/services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { attemptRecords } from './attempts.ts';
import { sessionRecords } from './sessions.ts';

let dataSource: DataSource;
let records: ReturnType<typeof attemptRecords> & ReturnType<typeof sessionRecords>;
let id: ExamSessionId;
beforeAll(async () => {
  dataSource = await openDatabase((await testPostgres()).url);
  records = { ...attemptRecords(dataSource), ...sessionRecords(dataSource, () => Promise.resolve()) };
  id = await insertSession(dataSource.manager);
});
afterAll(() => dataSource.destroy());

function check(checkId: string, verdict: CheckResult['verdict'], weight: number): CheckResult {
  return { checkId: CheckId.parse(checkId), description: checkId, weight, verdict, evidence: 'seen', exitCode: 0, durationMs: 1 };
}
const result = (questionId: string, ...checks: CheckResult[]): QuestionResult => ({ questionId: QuestionId.parse(questionId), checks });

it('keeps one attempt, the newest result of each question, and one score, however often each is recorded', async () => {
  const q1 = result('q1', check('c1', 'passed', 3), check('c2', 'failed', 1));
  for (let times = 0; times < 2; times += 1) {
    await records.beginAttempt({ examSessionId: id });
    await records.recordAttempt({ examSessionId: id, state: 'grading' });
    await records.recordQuestionResult({ examSessionId: id, result: result('q1', check('c1', 'errored', 3), check('c2', 'failed', 1)) });
    await records.recordQuestionResult({ examSessionId: id, result: q1 });
    await records.recordQuestionResult({ examSessionId: id, result: result('q2', { ...check('c1', 'errored', 4), reason: 'hung' }) });
    if (times === 0) expect(await dataSource.manager.count(CheckResultEntity)).toBe(3);
  }
  const score = { earned: 3, possible: 4, percent: 75, provisional: true };
  expect(await records.recordAttempt({ examSessionId: id, state: 'graded' })).toEqual(score);
  expect(await records.recordAttempt({ examSessionId: id, state: 'graded' })).toEqual(score);
  const [attempt, ...others] = await dataSource.manager.findBy(ExamAttemptEntity, { examSessionId: id });
  expect(others).toEqual([]);
  expect(attempt).toMatchObject({ state: 'graded', ...score, passed: true, completedAt: expect.any(Date) as Date });
  const told = await dataSource.manager.find(SessionEventEntity, { where: { examSessionId: id, kind: 'attempt' }, order: { id: 'ASC' } });
  expect(told.map(({ data }) => data)).toMatchObject([{ state: 'in_progress' }, { state: 'grading' }, { state: 'graded', score }]);
});

it('writes evidence whole where it lies in a blob, and the excerpt where the blob is gone', async () => {
  const examSessionId = await insertSession(dataSource.manager);
  await records.beginAttempt({ examSessionId });
  const whole = `first${'x'.repeat(100_000)}last`;
  const blob = await putBlob(dataSource.manager, { mediaType: 'text/plain', content: Buffer.from(whole) });
  const excerpt = (checkId: string, evidenceBlob: BlobDigest) => ({ ...check(checkId, 'failed', 1), evidence: 'first…last', evidenceBlob });
  const gone = digestOf(Buffer.from('gone'));
  const graded = { questionId: QuestionId.parse('q1'), checks: [excerpt('c1', blob), excerpt('c2', gone)] };
  await records.recordQuestionResult({ examSessionId, result: graded });
  const { id: attemptId } = await dataSource.manager.findOneByOrFail(ExamAttemptEntity, { examSessionId });
  const rows = await dataSource.manager.find(CheckResultEntity, { where: { attemptId }, order: { position: 'ASC' } });
  expect(rows.map(({ evidence }) => evidence)).toEqual([whole, 'first…last']);
});

it('keeps objects of the namespace as they came, in an attempt’s rows; what is long is compressed', async () => {
  const { manager } = dataSource;
  const examSessionId = await insertSession(manager);
  await records.beginAttempt({ examSessionId });
  const yaml = 'kind: ConfigMap\n'.repeat(10_000);
  const blob = await putBlob(manager, { mediaType: 'text/plain', content: Buffer.from(yaml) });
  const checks = [{ ...check('c1', 'failed', 1), evidence: 'line\n'.repeat(20_000) }];
  const objects = { namespace: 'trial', blob, cut: true };
  await records.recordQuestionResult({ examSessionId, result: { questionId: QuestionId.parse('q1'), checks, objects } });
  const { id: attemptId } = await manager.findOneByOrFail(ExamAttemptEntity, { examSessionId });
  const kept = await manager.findOneByOrFail(QuestionResultEntity, { attemptId });
  expect(kept).toMatchObject({ objects: yaml, objectsNamespace: 'trial', objectsCut: true });
  const sizes: unknown = await manager.query(
    `SELECT pg_column_compression(q.objects) AS objects, pg_column_size(q.objects) < length(q.objects) / 10 AS "objectsSmall",
            pg_column_compression(c.evidence) AS evidence, pg_column_size(c.evidence) < length(c.evidence) / 10 AS "evidenceSmall"
       FROM question_results q JOIN check_results c USING (attempt_id, question_id) WHERE q.attempt_id = $1`,
    [attemptId],
  );
  const compressed = expect.stringMatching(/^(pglz|lz4)$/) as string;
  expect(sizes).toEqual([{ objects: compressed, objectsSmall: true, evidence: compressed, evidenceSmall: true }]);
  const told = (await getAttemptResult(dataSource, examSessionId))?.questions.map((question) => question.objects);
  expect(told).toEqual([`/api/v1/sessions/${examSessionId}/questions/1/objects`, null]);
  // Graded anew without any: those of before are none of this result's.
  await records.recordQuestionResult({ examSessionId, result: { questionId: QuestionId.parse('q1'), checks } });
  expect((await manager.findOneByOrFail(QuestionResultEntity, { attemptId })).objects).toBeNull();
});

it('refuses a result of a question that the lab does not have', async () => {
  await expect(records.recordQuestionResult({ examSessionId: id, result: result('q9', check('c1', 'passed', 1)) })).rejects.toMatchObject({
    kind: 'bug',
    code: 'QUESTION_UNKNOWN',
  });
});

it('keeps what a second grading said beside the result, once', async () => {
  const second = result('q1', check('c1', 'failed', 3), check('c2', 'failed', 1));
  for (let times = 0; times < 2; times += 1) await records.recordSecondGrading({ examSessionId: id, result: second });
  expect(await dataSource.manager.countBy(SessionEventEntity, { examSessionId: id, kind: 'second_grading' })).toBe(1);
  const [q1] = (await getAttemptResult(dataSource, id))?.questions ?? [];
  expect(q1?.checks).toMatchObject([
    { checkId: 'c1', verdict: 'passed', secondVerdict: 'failed' },
    { checkId: 'c2', verdict: 'failed', secondVerdict: 'failed' },
  ]);
});

it('has one deadline for one ledger, in whatever order and however often its entries arrive', async () => {
  const at = Date.now();
  const start = { id: 'start', kind: 'start' as const, milliseconds: 1_800_000, at, reason: 'started' };
  const late = { id: 'b', kind: 'extension' as const, milliseconds: 120_000, at: at + 2, reason: 'second' };
  const early = { id: 'a', kind: 'extension' as const, milliseconds: 60_000, at: at + 1, reason: 'first' };
  for (const entry of [start, late, early, late, start]) await records.recordClock({ examSessionId: id, entry, deadlineAt: 0 });
  expect(await dataSource.manager.countBy(ClockEntryEntity, { examSessionId: id })).toBe(3);
  const { startedAt, deadlineAt } = await dataSource.manager.findOneByOrFail(ExamSessionEntity, { id });
  expect(startedAt?.getTime()).toBe(at);
  expect(deadlineAt?.getTime()).toBe(at + 1_980_000);
});

it('writes a step of progress once, under its number', async () => {
  for (let times = 0; times < 2; times += 1) {
    await records.recordProgress({ examSessionId: id, sequence: 7, step: 'containers' });
    await records.recordProgress({ examSessionId: id, sequence: 8, step: 'containers', durationMs: 12 });
  }
  expect(await dataSource.manager.countBy(SessionEventEntity, { examSessionId: id, kind: 'progress' })).toBe(2);
  expect((await dataSource.manager.findOneByOrFail(ExamSessionEntity, { id })).sequence).toBe(8);
});
