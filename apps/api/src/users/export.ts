import { AccountExport, type UserId } from '@ckx/contracts';
import { AccessPassEntity, type DataSource, MailEntity, PaymentEntity, UserEntity } from '@ckx/persistence';
import { z } from 'zod';
import { toUserView } from '../auth/user-view.ts';
import { readWholeHistory } from './history.ts';

const at = z.date().transform((date) => date.toISOString());

const SIGN_INS = `
  SELECT min(created_at) AS at, max(coalesce(used_at, created_at)) AS "lastUsedAt", max(revoked_at) AS "signedOutAt",
         (array_agg(browser ORDER BY created_at DESC))[1] AS browser, (array_agg(system ORDER BY created_at DESC))[1] AS system
    FROM refresh_tokens WHERE user_id = $1 GROUP BY family_id ORDER BY 1`;
const SignIns = z.array(AccountExport.shape.signIns.element.extend({ at, lastUsedAt: at, signedOutAt: at.nullable() }));

const SESSIONS = `
  SELECT s.id AS "examSessionId", s.lab_id AS "labId", s.lab_title AS "labTitle", s.state, s.outcome, s.mode, s.rehearsal, s.created_at AS "createdAt",
         s.started_at AS "startedAt", s.ended_at AS "endedAt",
         coalesce((SELECT json_agg(json_build_object('at', e.at, 'kind', e.kind, 'data', e.data) ORDER BY e.id)
                     FROM session_events e WHERE e.exam_session_id = s.id), '[]') AS events,
         coalesce((SELECT json_agg(json_build_object('position', m.position, 'note', m.note, 'flagged', m.flagged, 'openedAt', m.opened_at)
                            ORDER BY m.position)
                     FROM question_marks m WHERE m.exam_session_id = s.id), '[]') AS marks,
         coalesce((SELECT json_agg(json_build_object('position', h.position, 'hints', h.hints, 'tries', h.tries, 'lastCheck', h.last_check)
                            ORDER BY h.position)
                     FROM question_help h WHERE h.exam_session_id = s.id), '[]') AS help
    FROM exam_sessions s WHERE s.user_id = $1 ORDER BY s.created_at`;
/** As Postgres writes times into JSON: with an offset. */
const inJson = z.string().transform((text) => new Date(text).toISOString());
const Mark = AccountExport.shape.sessions.element.shape.marks.element;
const Event = AccountExport.shape.sessions.element.shape.events.element;
const Sessions = z.array(
  AccountExport.shape.sessions.element.extend({
    createdAt: at,
    startedAt: at.nullable(),
    endedAt: at.nullable(),
    events: z.array(Event.extend({ at: inJson })),
    marks: z.array(Mark.extend({ openedAt: inJson.nullable() })),
  }),
);

const CHECKS = `
  SELECT a.id AS "attemptId", c.question_id AS "questionId", c.check_id AS "checkId", c.description, c.weight, c.verdict, c.evidence
    FROM check_results c JOIN exam_attempts a ON a.id = c.attempt_id JOIN question_results q USING (attempt_id, question_id)
   WHERE a.user_id = $1 ORDER BY q.position, c.position`;
const Checks = z.array(AccountExport.shape.attempts.element.shape.checks.element.extend({ attemptId: z.string() }));

const iso = (date: Date | null) => date?.toISOString() ?? null;

/** Everything that is kept about a person. */
export async function exportAccount(dataSource: DataSource, userId: UserId): Promise<AccountExport> {
  const { manager } = dataSource;
  const ask = (sql: string): Promise<unknown> => dataSource.query(sql, [userId]);
  const user = await manager.findOneByOrFail(UserEntity, { id: userId });
  const checks = Map.groupBy(Checks.parse(await ask(CHECKS)), ({ attemptId }) => attemptId);
  const attempts = await readWholeHistory(dataSource, userId);
  const passes = await manager.find(AccessPassEntity, { where: { userId }, order: { purchasedAt: 'ASC' } });
  const payments = await manager.find(PaymentEntity, { where: { userId }, order: { createdAt: 'ASC' } });
  const mails = await manager.find(MailEntity, { where: { userId }, order: { createdAt: 'ASC' } });
  return {
    exportedAt: new Date().toISOString(),
    profile: { ...toUserView(user), emailVerifiedAt: iso(user.emailVerifiedAt), extraTimePercent: user.extraTimePercent },
    signIns: SignIns.parse(await ask(SIGN_INS)),
    sessions: Sessions.parse(await ask(SESSIONS)),
    attempts: attempts.map((attempt) => ({ ...attempt, checks: checks.get(attempt.attemptId) ?? [] })),
    passes: passes.map(({ id, purchasedAt, activatedAt, startsAt, expiresAt, ...pass }) => ({
      ...pass,
      passId: id,
      purchasedAt: purchasedAt.toISOString(),
      activatedAt: iso(activatedAt),
      startsAt: iso(startsAt),
      expiresAt: iso(expiresAt),
    })),
    payments: payments.map(({ createdAt, paidAt, ...payment }) => ({
      ...payment,
      createdAt: createdAt.toISOString(),
      paidAt: iso(paidAt),
    })),
    mails: mails.map(({ data, createdAt, sentAt, ...mail }) => ({
      ...mail,
      data: z.record(z.string(), z.unknown()).parse(data),
      createdAt: createdAt.toISOString(),
      sentAt: iso(sentAt),
    })),
  };
}
