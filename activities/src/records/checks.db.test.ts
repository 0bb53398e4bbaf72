import { CheckId, QuestionId, type QuestionResult, type Verdict } from '@ckx/contracts';
import { openDatabase, QuestionHelpEntity, type DataSource } from '@ckx/persistence';
import { insertSession } from '@ckx/test-support/records';
import { testPostgres } from '@ckx/test-support/services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkRecords } from './checks.ts';

let dataSource: DataSource;
beforeAll(async () => {
  dataSource = await openDatabase((await testPostgres()).url);
});
afterAll(() => dataSource.destroy());

const result = (verdict: Verdict): QuestionResult => ({
  questionId: QuestionId.parse('q2'),
  checks: [{ checkId: CheckId.parse('c1'), description: 'd', weight: 3, verdict, evidence: 'seen', exitCode: 0, durationMs: 1 }],
});
const checkedAt = Date.UTC(2026, 10, 21);

it('counts each run once, however often it is recorded, and keeps the hints', async () => {
  const { recordQuestionCheck } = checkRecords(dataSource);
  const examSessionId = await insertSession(dataSource.manager, { mode: 'practice' });
  await dataSource.manager.insert(QuestionHelpEntity, { examSessionId, position: 2, hints: 1 });
  const first = await recordQuestionCheck({ examSessionId, number: 1, checkedAt, result: result('failed') });
  expect(first).toEqual({
    position: 2,
    checks: [{ id: 'c1', description: 'd', weight: 3, verdict: 'failed', output: 'seen' }],
    earned: 0,
    possible: 3,
    checkedAt: '2026-11-21T00:00:00.000Z',
  });
  // A repeat answers what was told first, whatever it brings.
  expect(await recordQuestionCheck({ examSessionId, number: 1, checkedAt, result: result('passed') })).toEqual(first);
  const help = () => dataSource.manager.findOneByOrFail(QuestionHelpEntity, { examSessionId, position: 2 });
  expect(await help()).toMatchObject({ hints: 1, tries: 1, failedTries: 1, lastCheck: first });
  const second = await recordQuestionCheck({ examSessionId, number: 2, checkedAt, result: result('passed') });
  expect(await help()).toMatchObject({ hints: 1, tries: 2, failedTries: 1, lastCheck: second });
});

it('knows no question that the lab does not have', async () => {
  const { recordQuestionCheck } = checkRecords(dataSource);
  const examSessionId = await insertSession(dataSource.manager, { mode: 'practice' });
  const other = { ...result('passed'), questionId: QuestionId.parse('q9') };
  await expect(recordQuestionCheck({ examSessionId, number: 1, checkedAt, result: other })).rejects.toMatchObject({ kind: 'bug' });
});
