import { inputOf, usePass, type UsedPass } from '@ckx/access-passes';
import { readPlaceInQueue } from '@ckx/activities/queue';
import type { ApiConfig } from '@ckx/config';
import {
  HEAD_OF_QUEUE,
  type AttemptResult,
  CkxError,
  type CreateSessionBody,
  ExamSessionId,
  type QuestionView,
  type SessionStats,
  type SessionStatus,
  type SessionView,
  type UserId,
} from '@ckx/contracts';
import { drawnPin } from '@ckx/lab-packs';
import { type DataSource, ExamSessionEntity, type ExamSessionRow, inTransaction, UNIQUE, violates } from '@ckx/persistence';
import { isTerminal, practiceDurationMs } from '@ckx/session-lifecycle';
import { recordRequest, type SessionRequest } from '@ckx/session-lifecycle/records';
import { getAttemptResult, getSessionStatus, getSessionView, listActive, type ListFilter, listSessions } from '@ckx/session-status';
import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { AuthenticatedUser } from '../auth/access-token.ts';
import { assertEmailVerified } from '../auth/email-verified.ts';
import { lockUser } from '../auth/refresh-tokens.ts';
import { unauthenticated } from '../http/errors.ts';
import { Packs } from '../labs/packs.ts';
import { CONFIG, DATA_SOURCE } from '../tokens.ts';
import { assertNoMaintenance, assertRoomInQueue, readStats, takeTurn } from './admission.ts';
import { pinOfDrill } from './drill.ts';
import { Engine } from './engine.ts';
import { solutionOf } from './practice.ts';
import { assertQuota } from './quota.ts';

@Injectable()
export class SessionsService {
  constructor(
    @Inject(CONFIG) private readonly config: ApiConfig,
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly packs: Packs,
    private readonly engine: Engine,
  ) {}

  /**
   * Writes the session, then asks the engine to start it. A full lab takes the pass that is valid at this moment, or activates the oldest
   * that waits; from then on the session asks for none.
   *
   * @throws CkxError as `pinOfDrill`; `LAB_UNKNOWN`, `LAB_PACK_UNKNOWN`, `ADMIN_ONLY` for a rehearsal or a given version, `SESSION_ACTIVE` with the active
   *   session's id, `PASS_REQUIRED` with a pass that waits, `MAINTENANCE`, `EMAIL_NOT_VERIFIED`, `QUOTA_REACHED`, `QUEUE_FULL` with
   *   statistics.
   */
  async create({ id: userId, role }: AuthenticatedUser, body: CreateSessionBody): Promise<SessionView> {
    const { labId, labDigest: draft, mode, drill, rehearsal, recording, activatePass: mayActivate } = body;
    if (rehearsal && role !== 'admin') throw new CkxError('user', 'ADMIN_ONLY', 'Only an administrator rehearses a lab.');
    if (draft !== undefined && role !== 'admin')
      throw new CkxError('user', 'ADMIN_ONLY', 'Only an administrator starts a given version of a lab.');
    const lab = await this.packs.toStart(labId, draft);
    const id = ExamSessionId.parse(randomUUID());
    const { digest: labDigest, summary } = lab;
    // A rehearsal is of all there is: it is how a pool is verified. Nobody chooses their id, and so nobody their draw.
    const drawn = drill === undefined ? drawnPin(lab, id) : await pinOfDrill(this.dataSource, userId, lab, drill, id);
    const asked = rehearsal ? lab.pin : drawn;
    const pin = mode === 'practice' ? { ...asked, durationMs: practiceDurationMs(asked.durationMs) } : asked;
    let used: UsedPass | null = null;
    try {
      used = await inTransaction(this.dataSource, async (manager): Promise<UsedPass | null> => {
        await takeTurn(manager);
        // Locked: an account that is disabled beside this starts nothing, or has what it started ended.
        const user = await lockUser(manager, userId);
        if (user === null || user.disabledAt !== null) throw unauthenticated('The account is gone, or was disabled.');
        assertEmailVerified(this.config, user);
        const extraTimeMs = rehearsal ? 0 : Math.round((pin.durationMs * user.extraTimePercent) / 100);
        const session = { id, userId, labId, labDigest, lab: pin, labTitle: summary.title, mode, rehearsal, recording, extraTimeMs };
        // Before all else: whoever has a session is told so, whatever else stands against another one.
        await manager.insert(ExamSessionEntity, session);
        if (!rehearsal) await assertNoMaintenance(manager);
        const needsPass = summary.type === 'full' && !rehearsal;
        const pass = needsPass ? await usePass(manager, userId, { mayActivate }) : null;
        if (pass !== null) await manager.update(ExamSessionEntity, id, { accessPassId: pass.pass.id });
        const perDay = this.config.MOCK_SESSIONS_PER_DAY;
        if (summary.type === 'mock' && role !== 'admin' && perDay > 0) await assertQuota(manager, userId, perDay);
        await assertRoomInQueue(manager, this.config, pin.needs);
        return pass;
      });
    } catch (error) {
      if (violates(error, UNIQUE.oneActiveSessionPerUser)) throw await this.activeSession(userId);
      throw error;
    }
    const session = await this.find(id);
    // Behind the head of the queue the relay begins the workflow when its turn comes near.
    const nearHead = (await readPlaceInQueue(this.dataSource.manager, session.queueNumber)) <= HEAD_OF_QUEUE;
    await Promise.all([nearHead && this.engine.start(session), used?.activated === true && this.engine.passChanged(inputOf(used.pass))]);
    return getSessionView(this.dataSource, id);
  }

  find(id: ExamSessionId): Promise<ExamSessionRow> {
    return this.dataSource.manager.findOneByOrFail(ExamSessionEntity, { id });
  }

  view(id: ExamSessionId): Promise<SessionView> {
    return getSessionView(this.dataSource, id);
  }

  /** Newest first. @param userId everybody's where absent. */
  list(filter: ListFilter): Promise<SessionView[]> {
    return listSessions(this.dataSource, filter);
  }

  /** The session whose clock runs; null when there is none. */
  async running(userId: UserId): Promise<SessionView | null> {
    const [active] = await listActive(this.dataSource, userId);
    return active?.state === 'running' ? active : null;
  }

  stats(): Promise<SessionStats> {
    return readStats(this.dataSource, this.config);
  }

  status(id: ExamSessionId): Promise<SessionStatus> {
    return getSessionStatus(this.dataSource, id);
  }

  /** Writes what is asked, passes it on, and answers the status as it is by then. @throws CkxError `ILLEGAL_TRANSITION`. */
  async request(id: ExamSessionId, request: SessionRequest): Promise<SessionStatus> {
    await inTransaction(this.dataSource, (manager) => recordRequest(manager, id, request));
    await this.engine.signal(id, request);
    return this.status(id);
  }

  /** @throws CkxError `SESSION_NOT_READY`, `LAB_CHANGED`. */
  async questions(id: ExamSessionId): Promise<QuestionView[]> {
    const session = await this.find(id);
    if (session.state !== 'ready' && session.state !== 'running') {
      throw new CkxError(
        'user',
        'SESSION_NOT_READY',
        `Questions are shown while a session is ready or running; this one is ${session.state}.`,
      );
    }
    const lab = await this.packs.pinned(session.labId, session.labDigest);
    if (lab === null) {
      throw new CkxError('operational', 'LAB_CHANGED', 'The lab changed since the session was created, and was not kept as it was.', {
        remedy: 'An operator can put the lab back as it was; or cancel this session and start another.',
      });
    }
    const views = new Map(lab.questions.map(({ view }) => [view.id, view]));
    return session.lab.questions.flatMap(({ id: questionId }, index) => {
      const view = views.get(questionId);
      return view === undefined ? [] : [{ ...view, position: index + 1 }];
    });
  }

  /** @throws CkxError `RESULT_UNKNOWN`. */
  async result(id: ExamSessionId): Promise<AttemptResult> {
    const result = await getAttemptResult(this.dataSource, id);
    if (result === null) throw new CkxError('user', 'RESULT_UNKNOWN', 'This session has no result: its clock never started.');
    const { state, labId, labDigest } = await this.find(id);
    // Of the pack that the session was sat with, whatever it was graded by since.
    const pack = isTerminal(state) ? await this.packs.pinned(labId, labDigest) : null;
    const inPack = new Map(pack?.questions.map((question) => [question.view.id, question]));
    const questions = result.questions.map((question) => {
      const found = inPack.get(question.questionId);
      return { ...question, solution: found === undefined ? null : solutionOf(found) };
    });
    return { ...result, questions, solutionsMissing: missingOf(isTerminal(state), pack !== null) };
  }

  private async activeSession(userId: UserId): Promise<CkxError> {
    const [active] = await listActive(this.dataSource, userId);
    return new CkxError('user', 'SESSION_ACTIVE', 'You have an active session; one at a time.', {
      remedy: 'Go on with it, or cancel it with DELETE /api/v1/sessions/:id.',
      details: active === undefined ? {} : { examSessionId: active.examSessionId },
    });
  }
}

function missingOf(hasEnded: boolean, hasPack: boolean): string | null {
  if (!hasEnded) return 'Solutions are shown once the session has ended.';
  return hasPack ? null : 'The lab changed since, and nobody kept it as it was: its solutions are gone.';
}
