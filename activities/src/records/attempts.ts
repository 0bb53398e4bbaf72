import { readBlob } from '@ckx/blobs/store';
import { CkxError, SECOND_GRADING, SecondGrading, type ExamSessionId, type QuestionResult, type Score } from '@ckx/contracts';
import { passed, scoreOf } from '@ckx/grading';
import {
  CheckResultEntity,
  ExamAttemptEntity,
  ExamSessionEntity,
  inTransaction,
  QuestionResultEntity,
  SessionEventEntity,
  type CheckResultRow,
  type DataSource,
  type EntityManager,
  type ExamAttemptRow,
} from '@ckx/persistence';
import { lockSession } from '@ckx/session-lifecycle/records';
import type { RecordActivities } from './interface.ts';

/** What a candidate keeps of a session: the attempt, its results, its score. */
export function attemptRecords(
  dataSource: DataSource,
): Pick<RecordActivities, 'beginAttempt' | 'recordQuestionResult' | 'recordSecondGrading' | 'recordAttempt'> {
  return {
    async beginAttempt({ examSessionId }) {
      await inTransaction(dataSource, async (tx) => {
        const { userId, labId, labDigest, accessPassId } = await lockSession(tx, examSessionId);
        if (await tx.existsBy(ExamAttemptEntity, { examSessionId })) return;
        await tx.insert(ExamAttemptEntity, { examSessionId, userId, labId, labDigest, accessPassId });
        await tx.insert(SessionEventEntity, { examSessionId, kind: 'attempt', data: { state: 'in_progress' } });
      });
    },

    async recordQuestionResult({ examSessionId, result: { questionId, checks, objects } }) {
      await inTransaction(dataSource, async (tx) => {
        const { id: attemptId } = await lockAttempt(tx, examSessionId);
        const { lab } = await tx.findOneByOrFail(ExamSessionEntity, { id: examSessionId });
        const position = lab.questions.findIndex(({ id }) => id === questionId) + 1;
        if (position === 0) throw new CkxError('bug', 'QUESTION_UNKNOWN', `Lab ${lab.id} has no question ${questionId}.`);
        const blob = objects === undefined ? null : await readBlob(tx, objects.blob);
        const kept = {
          objects: blob?.content.toString('utf8') ?? null,
          objectsNamespace: blob === null ? null : (objects?.namespace ?? null),
          objectsCut: objects?.cut ?? false,
        };
        const graded = { attemptId, questionId, position, gradedAt: new Date(), ...kept };
        await tx.upsert(QuestionResultEntity, graded, ['attemptId', 'questionId']);
        await tx.delete(CheckResultEntity, { attemptId, questionId });
        const rows: CheckResultRow[] = [];
        for (const [index, { evidenceBlob, ...check }] of checks.entries()) {
          // An excerpt is what is left where the blob is not there.
          const blob = evidenceBlob === undefined ? null : await readBlob(tx, evidenceBlob);
          const evidence = blob?.content.toString('utf8') ?? check.evidence;
          rows.push({ ...check, evidence, reason: check.reason ?? null, dropped: false, attemptId, questionId, position: index + 1 });
        }
        await tx.insert(CheckResultEntity, rows);
      });
    },

    async recordSecondGrading({ examSessionId, result: { questionId, checks } }) {
      await inTransaction(dataSource, async (tx) => {
        await lockAttempt(tx, examSessionId);
        const events = await tx.findBy(SessionEventEntity, { examSessionId, kind: SECOND_GRADING });
        if (events.some(({ data }) => SecondGrading.parse(data).questionId === questionId)) return;
        const data: SecondGrading = { questionId, verdicts: checks.map(({ checkId, verdict }) => ({ checkId, verdict })) };
        await tx.insert(SessionEventEntity, { examSessionId, kind: SECOND_GRADING, data });
      });
    },

    async recordAttempt({ examSessionId, state }) {
      return await inTransaction(dataSource, async (tx) => {
        const attempt = await lockAttempt(tx, examSessionId);
        const score = state === 'graded' ? scoreOf(await storedResults(tx, attempt)) : null;
        if (attempt.state === state) return score;
        const { lab } = await tx.findOneByOrFail(ExamSessionEntity, { id: examSessionId });
        await tx.update(ExamAttemptEntity, attempt.id, {
          state,
          ...(score === null ? {} : { ...score, passed: passed(score, lab.passPercent) }),
          ...(state === 'grading' ? {} : { completedAt: () => 'now()' }),
        });
        await tx.insert(SessionEventEntity, { examSessionId, kind: 'attempt', data: { state, ...(score && { score: { ...score } }) } });
        return score satisfies Score | null;
      });
    },
  };
}

async function lockAttempt(tx: EntityManager, examSessionId: ExamSessionId): Promise<ExamAttemptRow> {
  const attempt = await tx.findOne(ExamAttemptEntity, { where: { examSessionId }, lock: { mode: 'pessimistic_write' } });
  if (attempt === null) throw new CkxError('bug', 'ATTEMPT_MISSING', `Session ${examSessionId} has no attempt.`);
  return attempt;
}

async function storedResults(tx: EntityManager, { id: attemptId }: ExamAttemptRow): Promise<QuestionResult[]> {
  const rows = await tx.find(CheckResultEntity, { where: { attemptId }, order: { position: 'ASC' } });
  const byQuestion = Map.groupBy(rows, ({ questionId }) => questionId);
  return [...byQuestion].map(([questionId, checks]) => ({
    questionId,
    checks: checks.map(({ reason, ...check }) => ({ ...check, ...(reason === null ? {} : { reason }) })),
  }));
}
