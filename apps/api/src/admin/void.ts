import { compensate } from '@ckx/access-passes';
import { CkxError, type ExamSessionId } from '@ckx/contracts';
import { type EntityManager, ExamAttemptEntity, ExamSessionEntity, SessionEventEntity } from '@ckx/persistence';
import { isTerminal } from '@ckx/session-lifecycle';
import { lockSession } from '@ckx/session-lifecycle/records';

/**
 * Declares the attempt of an ended session void: it has no score any more, and the session counts as one that was taken from its
 * candidate. Its results stay; a pass that was used for it is given its time back.
 *
 * @returns what the attempt was before; null where it was voided already, or the session is still open.
 * @throws CkxError `GRADING_UNDER_WAY`, `NOTHING_TO_VOID`.
 */
export async function voidEnded(
  tx: EntityManager,
  examSessionId: ExamSessionId,
): Promise<{ readonly open: true } | { readonly open: false; readonly was: object | null }> {
  const session = await lockSession(tx, examSessionId);
  if (!isTerminal(session.state)) return { open: true };
  if (session.voidedAt !== null) return { open: false, was: null };
  const attempt = await tx.findOne(ExamAttemptEntity, { where: { examSessionId }, lock: { mode: 'pessimistic_write' } });
  if (attempt === null) {
    throw new CkxError(
      'user',
      'NOTHING_TO_VOID',
      'This session has no attempt: its clock never started, and it cost its candidate nothing.',
    );
  }
  if (attempt.state === 'in_progress' || attempt.state === 'grading') {
    throw new CkxError('user', 'GRADING_UNDER_WAY', 'The attempt is being graded.', {
      remedy: 'Wait until the session’s attempt is graded, then void it.',
    });
  }
  const { state, earned, possible, percent, passed } = attempt;
  await tx.update(ExamAttemptEntity, attempt.id, { state: 'void', earned: null, possible: null, percent: null, passed: null });
  await tx.update(ExamSessionEntity, examSessionId, { voidedAt: () => 'now()' });
  await tx.insert(SessionEventEntity, { examSessionId, kind: 'attempt', data: { state: 'void' } });
  await compensate(tx, examSessionId, null);
  return { open: false, was: { state, earned, possible, percent, passed } };
}
