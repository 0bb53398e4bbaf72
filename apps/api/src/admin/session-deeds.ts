import { CkxError, type ExamSessionId, type ExtendBody, isCkxError, type SessionStatus, type UserId } from '@ckx/contracts';
import type { ClockView } from '@ckx/contracts/exam-session';
import { AuditEntity, type DataSource, type EntityManager, inTransaction } from '@ckx/persistence';
import { recordRequest } from '@ckx/session-lifecycle/records';
import { Inject, Injectable } from '@nestjs/common';
import { Raw } from 'typeorm';
import { Engine } from '../sessions/engine.ts';
import { SessionsService } from '../sessions/sessions.service.ts';
import { DATA_SOURCE } from '../tokens.ts';
import { type AuditAction, recordDeed } from './audit.ts';
import { voidEnded } from './void.ts';

const DEEDS = {
  extension: { done: 'session.extend', refused: 'session.extend_refused' },
  credit: { done: 'session.credit', refused: 'session.credit_refused' },
} as const satisfies Record<string, Record<string, AuditAction>>;

/** What administrators do to sessions; each deed is in the audit log before its effect. */
@Injectable()
export class SessionDeeds {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly sessions: SessionsService,
    private readonly engine: Engine,
  ) {}

  /** Ends the session without grading. @throws CkxError `ILLEGAL_TRANSITION`. */
  async terminate(actorId: UserId, id: ExamSessionId, reason: string): Promise<SessionStatus> {
    const request = { kind: 'terminate', outcome: 'terminated_by_admin', reason } as const;
    await inTransaction(this.dataSource, async (tx) => {
      await recordRequest(tx, id, request);
      await recordDeed(tx, { actorId, action: 'session.terminate', target: { kind: 'session', id }, reason });
    });
    await this.engine.signal(id, request);
    return this.sessions.status(id);
  }

  /**
   * Gives a running session more time, once per `id` of the body. What the workflow refuses is in the audit log as well.
   *
   * @throws CkxError as `Engine.giveTime`.
   */
  async giveTime(actorId: UserId, kind: 'extension' | 'credit', id: ExamSessionId, body: ExtendBody): Promise<ClockView> {
    const deed = { actorId, target: { kind: 'session', id }, data: { id: body.id, minutes: body.minutes } } as const;
    const { done, refused } = DEEDS[kind];
    await inTransaction(this.dataSource, async (tx) => {
      if (!(await isRecorded(tx, done, id, body.id))) await recordDeed(tx, { ...deed, action: done, reason: body.reason });
    });
    try {
      return await this.engine.giveTime(kind, id, body);
    } catch (error) {
      // An engine that does not answer may yet have done it.
      if (isCkxError(error) && error.kind === 'user') {
        await inTransaction(this.dataSource, (tx) => recordDeed(tx, { ...deed, action: refused, reason: error.message }));
      }
      throw error;
    }
  }

  /**
   * Makes the session’s attempt void, which gives quota and pass time back: of one that has ended; one that is open ends first.
   *
   * @throws CkxError `GRADING_UNDER_WAY`, `NOTHING_TO_VOID`.
   */
  async void(actorId: UserId, id: ExamSessionId, reason: string): Promise<SessionStatus> {
    const isOpen = await inTransaction(this.dataSource, async (tx) => {
      const { open, ...found } = await voidEnded(tx, id);
      const was = 'was' in found ? found.was : null;
      if (was !== null) await recordDeed(tx, { actorId, action: 'session.void', target: { kind: 'session', id }, reason, data: { was } });
      return open;
    });
    if (!isOpen) return this.sessions.status(id);
    try {
      return await this.terminate(actorId, id, reason);
    } catch (error) {
      // It ended by itself in between: what follows is the other case.
      if (!isCkxError(error) || error.code !== 'ILLEGAL_TRANSITION') throw error;
      throw new CkxError('user', 'GRADING_UNDER_WAY', 'The session has just ended.', { remedy: 'Try again once it is graded.' });
    }
  }
}

/** A call that is repeated under its id gives time once, and is one deed. */
async function isRecorded(tx: EntityManager, action: AuditAction, targetId: ExamSessionId, id: string): Promise<boolean> {
  return tx.existsBy(AuditEntity, { action, targetId, data: Raw((column) => `${column} ->> 'id' = :id`, { id }) });
}
