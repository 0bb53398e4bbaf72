import { CkxError, ExamSessionId, type PassId, type UserId } from '@ckx/contracts';
import { AccessPassEntity, type DataSource, deleteSessions, inTransaction, UserEntity } from '@ckx/persistence';
import { z } from 'zod';
import { assertNotLastAdmin, lockAdmins } from '../admin/last-admin.ts';
import { passwordWrong, verifyOwner } from '../auth/owner.ts';

/** Of each session, locked: none is opened, graded or torn down beside the deletion. */
const SESSIONS = `
  SELECT s.id, s.state NOT IN ('terminated', 'failed') AS "isOpen",
         EXISTS (SELECT FROM environments e WHERE e.exam_session_id = s.id AND e.state <> 'destroyed')
           OR EXISTS (SELECT FROM exam_attempts a WHERE a.exam_session_id = s.id AND a.state IN ('in_progress', 'grading')) AS "isEnding"
    FROM exam_sessions s WHERE s.user_id = $1 FOR UPDATE OF s`;
const Sessions = z.array(z.object({ id: ExamSessionId, isOpen: z.boolean(), isEnding: z.boolean() }));

/**
 * Deletes an account and what is kept about its person (docs/operations/retention.md): sessions with attempts and results, passes, mails and
 * tokens. Payments stay for the books, without the person.
 *
 * @returns the passes that went with it, for their workflows to be told.
 * @throws CkxError `PASSWORD_WRONG`, `SESSION_ACTIVE`, `SESSION_ENDING`, `LAST_ADMIN`.
 */
export async function deleteAccount(dataSource: DataSource, userId: UserId, password: string): Promise<PassId[]> {
  const verified = await verifyOwner(dataSource, userId, password);
  return inTransaction(dataSource, async (manager) => {
    if (verified.role === 'admin') await lockAdmins(manager);
    // Against foreign keys too: nothing of the account is begun meanwhile.
    const user = await manager.findOne(UserEntity, { where: { id: userId }, lock: { mode: 'pessimistic_write' } });
    if (user?.passwordHash !== verified.passwordHash) throw passwordWrong();
    await assertNotLastAdmin(manager, user);
    const sessions = Sessions.parse(await manager.query(SESSIONS, [userId]));
    if (sessions.some(({ isOpen }) => isOpen)) {
      throw new CkxError('user', 'SESSION_ACTIVE', 'You have an active session.', {
        remedy: 'Hand it in or cancel it with DELETE /api/v1/sessions/:id, then delete the account.',
      });
    }
    if (sessions.some(({ isEnding }) => isEnding)) {
      throw new CkxError('user', 'SESSION_ENDING', 'Your last session is still being graded or cleared away.', {
        remedy: 'Try again in a few minutes.',
        details: { retryAfterSeconds: 60 },
      });
    }
    await deleteSessions(
      manager,
      sessions.map(({ id }) => id),
    );
    const passes = await manager.find(AccessPassEntity, { select: { id: true }, where: { userId } });
    await manager.delete(UserEntity, { id: userId });
    return passes.map(({ id }) => id);
  });
}
