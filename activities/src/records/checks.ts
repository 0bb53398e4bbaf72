import { CheckedQuestion, CkxError, type QuestionResult } from '@ckx/contracts';
import { questionScore } from '@ckx/grading';
import { ExamSessionEntity, inTransaction, QuestionHelpEntity, type DataSource } from '@ckx/persistence';
import type { RecordActivities } from './interface.ts';

/** What the checks of single questions said while a session was practised. */
export function checkRecords(dataSource: DataSource): Pick<RecordActivities, 'recordQuestionCheck'> {
  return {
    recordQuestionCheck: ({ examSessionId, number, checkedAt, result }) =>
      inTransaction(dataSource, async (tx) => {
        const session = await tx.findOneOrFail(ExamSessionEntity, { where: { id: examSessionId }, lock: { mode: 'pessimistic_write' } });
        const position = session.lab.questions.findIndex(({ id }) => id === result.questionId) + 1;
        if (position === 0) throw new CkxError('bug', 'QUESTION_UNKNOWN', `Lab ${session.lab.id} has no question ${result.questionId}.`);
        const known = await tx.findOneBy(QuestionHelpEntity, { examSessionId, position });
        if (known !== null && known.tries >= number && known.lastCheck !== null) return CheckedQuestion.parse(known.lastCheck);
        const lastCheck = toChecked(position, result, checkedAt);
        const isFailed = lastCheck.checks.some(({ verdict }) => verdict !== 'passed');
        const failedTries = (known?.failedTries ?? 0) + (isFailed ? 1 : 0);
        await tx.upsert(QuestionHelpEntity, { examSessionId, position, tries: number, failedTries, lastCheck }, [
          'examSessionId',
          'position',
        ]);
        return lastCheck;
      }),
  };
}

function toChecked(position: number, result: QuestionResult, checkedAt: number): CheckedQuestion {
  const { earned, possible } = questionScore(result);
  const checks = result.checks.map(({ checkId: id, description, weight, verdict, reason, evidence: output }) => {
    return { id, description, weight, verdict, ...(reason === undefined ? {} : { reason }), output };
  });
  return { position, checks, earned, possible, checkedAt: new Date(checkedAt).toISOString() };
}
