/** Attempts as their workflow leaves them, for tests of what is read from them. */
import { AttemptId, CheckId, type ExamSessionId, type LabPin, QuestionId, type UserId, type Verdict } from '@ckx/contracts';
import { CheckResultEntity, ExamAttemptEntity, type ExamSessionRow, QuestionResultEntity } from '@ckx/persistence';
import { scoreOf } from '@ckx/grading';
import { insertSession, LAB } from '@ckx/test-support/records';
import { randomUUID } from 'node:crypto';
import type { TestApi } from './harness.ts';

export interface Sat {
  readonly lab?: Partial<LabPin>;
  readonly session?: Partial<ExamSessionRow>;
  /** Of q1 (Workloads): c1 and c2, of q2 (Networking): c1; each weighs 2. */
  readonly verdicts?: readonly [Verdict, Verdict, Verdict];
  readonly minutes?: number;
}

/** A session that ended `daysAgo`, with its attempt: graded, unless there are no verdicts; then void. */
export async function sit(
  api: TestApi,
  userId: UserId,
  daysAgo: number,
  { lab, session, verdicts, minutes = 20 }: Sat = {},
): Promise<{ attemptId: AttemptId; examSessionId: ExamSessionId }> {
  const { manager } = api.database;
  const endedAt = new Date(Date.UTC(2026, 10, 1) - daysAgo * 86_400_000);
  const startedAt = new Date(endedAt.getTime() - minutes * 60_000);
  const ended = { state: 'terminated', outcome: 'submitted', createdAt: startedAt, startedAt, endedAt } as const;
  const pin = { ...LAB, ...lab };
  const examSessionId = await insertSession(manager, { userId, lab: pin, labId: pin.id, ...ended, ...session });
  const attemptId = AttemptId.parse(randomUUID());
  const common = { id: attemptId, examSessionId, userId, labId: pin.id, labDigest: pin.digest, startedAt, completedAt: endedAt };
  if (verdicts === undefined) {
    await manager.insert(ExamAttemptEntity, { ...common, state: 'void' });
    return { attemptId, examSessionId };
  }
  const [q1, q2] = [QuestionId.parse('q1'), QuestionId.parse('q2')];
  const check = (verdict: Verdict, id: string, position: number) => ({
    checkId: CheckId.parse(id),
    position,
    verdict,
    description: `Check ${id}`,
    weight: 2,
    evidence: 'seen',
    exitCode: 0,
    durationMs: 1,
  });
  const results = [
    { questionId: q1, checks: [check(verdicts[0], 'c1', 1), check(verdicts[1], 'c2', 2)] },
    { questionId: q2, checks: [check(verdicts[2], 'c1', 1)] },
  ];
  const score = scoreOf(results);
  await manager.insert(ExamAttemptEntity, { ...common, state: 'graded', ...score, passed: score.percent >= pin.passPercent });
  for (const [index, { questionId, checks }] of results.entries()) {
    await manager.insert(QuestionResultEntity, { attemptId, questionId, position: index + 1 });
    await manager.insert(
      CheckResultEntity,
      checks.map((one) => ({ ...one, attemptId, questionId })),
    );
  }
  return { attemptId, examSessionId };
}
