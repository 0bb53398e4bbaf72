import { type OwnPayment, type PassMessage, tellPass } from '@ckx/billing';
import { wakeNext } from '@ckx/activities/queue';
import type { ApiConfig } from '@ckx/config';
import {
  ACCESS_PASS_WORKFLOW,
  type AccessPassInput,
  accessPassStart,
  accessPassWorkflowId,
  passChangedSignal,
} from '@ckx/contracts/access-pass';
import {
  CheckedQuestion,
  CkxError,
  EnvironmentUse,
  type ExamSessionId,
  examSessionWorkflowId,
  type ExtendBody,
  type PassId,
  type QuestionId,
} from '@ckx/contracts';
import {
  authorizeKeyUpdate,
  CHECK_PAUSE_MS,
  CHECK_REFUSALS,
  checkQuestionUpdate,
  type ClockView,
  creditUpdate,
  EXAM_SESSION_WORKFLOW,
  type ExamSessionStatus,
  examSessionStart,
  extendUpdate,
  inspectUpdate,
  startClockSignal,
  statusQuery,
  submitSignal,
  terminateSignal,
} from '@ckx/contracts/exam-session';
import type { DataSource, ExamSessionRow } from '@ckx/persistence';
import type { SessionRequest } from '@ckx/session-lifecycle/records';
import { clientInterceptors } from '@ckx/telemetry/temporal';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  ApplicationFailure,
  Client,
  Connection,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { PinoLogger } from 'nestjs-pino';
import { CONFIG } from '../tokens.ts';

/** A start or signal is quick, or it is left to the relay: nobody waits for an engine that is down. */
const SIGNAL_TIMEOUT_MS = 3_000;
/** Bridges a hiccup, within a second; what lasts longer is the relay's. */
const MAX_ATTEMPTS = 3;
const QUERY_TIMEOUT_MS = 5_000;
/** An update waits for the workflow, and a key for the terminal. */
const UPDATE_TIMEOUT_MS = 20_000;
/** Checks of a question have limits of their own, up to minutes; proxies give up sooner. */
const CHECK_TIMEOUT_MS = 110_000;

/** The engine of workflows, as the API uses it: what was written to Postgres first is passed on, never decided here. */
@Injectable()
export class Engine implements BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly connection: Connection;
  private readonly client: Client;
  private readonly underWay = new Set<Promise<unknown>>();
  private readonly stopping = new AbortController();

  constructor(
    @Inject(CONFIG) private readonly config: ApiConfig,
    private readonly logger: PinoLogger,
  ) {
    // Lazy: the API starts, and serves what Postgres knows, while the engine is down.
    this.connection = Connection.lazy({
      address: config.TEMPORAL_ADDRESS,
      interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: MAX_ATTEMPTS }))],
    });
    this.client = new Client({
      connection: this.connection,
      namespace: config.TEMPORAL_NAMESPACE,
      interceptors: clientInterceptors(),
    });
  }

  /** What may take minutes goes on without whoever asked; later, the server would wait for its answer first. */
  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  async onApplicationShutdown(): Promise<void> {
    // A call that is repeated on a closed connection would end the process with an exception that nobody can catch.
    await Promise.allSettled(this.underWay);
    await this.connection.close();
  }

  /** Starts the session's workflow. A failure is logged: the row is the outbox, and the relay starts what was not started. */
  async start(session: ExamSessionRow): Promise<void> {
    const limits = { graceMs: this.config.START_GRACE_MS, provisionTimeoutMs: this.config.PROVISION_TIMEOUT_MS };
    await this.passOn(session.id, 'start', () => this.client.workflow.start(EXAM_SESSION_WORKFLOW, examSessionStart(session, limits)));
  }

  /** Signals what was asked. A failure is logged: the relay repeats it. */
  async signal(examSessionId: ExamSessionId, request: SessionRequest): Promise<void> {
    const handle = this.handle(examSessionId);
    await this.passOn(examSessionId, request.kind, () => {
      switch (request.kind) {
        case 'start':
          return handle.signal(startClockSignal);
        case 'submit':
          return handle.signal(submitSignal);
        case 'terminate':
          return handle.signal(terminateSignal, { outcome: request.outcome, reason: request.reason });
      }
    });
  }

  /** @throws CkxError `WORKFLOW_UNKNOWN`, `ENGINE_UNAVAILABLE`. */
  live(examSessionId: ExamSessionId): Promise<ExamSessionStatus> {
    return this.ask(QUERY_TIMEOUT_MS, () => this.handle(examSessionId).query(statusQuery));
  }

  /** Gives time once per id. @throws CkxError `EXTENSION_REFUSED`, `CREDIT_REFUSED`, `WORKFLOW_UNKNOWN`, `ENGINE_UNAVAILABLE`. */
  async giveTime(kind: 'extension' | 'credit', examSessionId: ExamSessionId, { id, minutes, reason }: ExtendBody): Promise<ClockView> {
    const update = kind === 'extension' ? extendUpdate : creditUpdate;
    try {
      return await this.ask(UPDATE_TIMEOUT_MS, () =>
        this.handle(examSessionId).executeUpdate(update, { updateId: id, args: [{ milliseconds: minutes * 60_000, reason }] }),
      );
    } catch (error) {
      if (!(error instanceof WorkflowUpdateFailedError)) throw error;
      const code = kind === 'extension' ? 'EXTENSION_REFUSED' : 'CREDIT_REFUSED';
      throw new CkxError('user', code, `No time was given: ${error.cause?.message ?? error.message}`, { cause: error });
    }
  }

  /** Limits and use of the environment's containers, asked of its host. @throws CkxError `HOST_SILENT`, `WORKFLOW_UNKNOWN`, `ENGINE_UNAVAILABLE`. */
  async inspect(examSessionId: ExamSessionId): Promise<EnvironmentUse> {
    try {
      return EnvironmentUse.parse(await this.ask(UPDATE_TIMEOUT_MS, () => this.handle(examSessionId).executeUpdate(inspectUpdate)));
    } catch (error) {
      if (!(error instanceof WorkflowUpdateFailedError)) throw error;
      throw new CkxError('operational', 'HOST_SILENT', 'The session’s host could not say what its containers use.', {
        remedy: 'Try again in a moment; see the hosts with GET /api/v1/admin/hosts.',
        cause: error,
      });
    }
  }

  /**
   * Runs the checks of a question of a practice session, and answers when what they said is on record.
   *
   * @throws CkxError those of `CHECK_REFUSALS`, `CHECK_NOT_FINISHED`, `WORKFLOW_UNKNOWN`, `ENGINE_UNAVAILABLE`.
   */
  async checkQuestion(examSessionId: ExamSessionId, questionId: QuestionId): Promise<CheckedQuestion> {
    try {
      const update = () => this.handle(examSessionId).executeUpdate(checkQuestionUpdate, { args: [{ questionId }] });
      const untilStopped = () => this.connection.withAbortSignal(this.stopping.signal, update);
      return CheckedQuestion.parse(await this.ask(CHECK_TIMEOUT_MS, untilStopped));
    } catch (error) {
      throw checkFailure(error);
    }
  }

  /** Tells whoever is next in the queue that there may be room. A failure is logged: those who wait look again by themselves. */
  async wakeQueue(dataSource: DataSource): Promise<void> {
    try {
      await this.call(SIGNAL_TIMEOUT_MS, () => wakeNext(dataSource, this.client, this.config.MAX_CONCURRENT_SESSIONS));
    } catch (error) {
      this.logger.warn({ err: error }, 'the queue was not told that there may be room: it will look by itself');
    }
  }

  /** Returns when the terminal accepts the key. @throws CkxError `SSH_KEY_NOT_INSTALLED`, `WORKFLOW_UNKNOWN`, `ENGINE_UNAVAILABLE`. */
  async authorizeKey(examSessionId: ExamSessionId, publicKey: string): Promise<void> {
    try {
      await this.ask(UPDATE_TIMEOUT_MS, () => this.handle(examSessionId).executeUpdate(authorizeKeyUpdate, { args: [{ publicKey }] }));
    } catch (error) {
      if (!(error instanceof WorkflowUpdateFailedError)) throw error;
      throw new CkxError('operational', 'SSH_KEY_NOT_INSTALLED', 'The terminal did not take the key; none was used up.', {
        remedy: 'Try again.',
        cause: error,
      });
    }
  }

  /** Returns when the engine has the message: it is not lost from then on. @throws CkxError `ENGINE_UNAVAILABLE`. */
  async tellPass(payment: OwnPayment, message: PassMessage): Promise<void> {
    await this.ask(SIGNAL_TIMEOUT_MS, () => tellPass(this.client, payment, message));
  }

  /** Tells a pass's workflow that its record says more. A failure is logged: the relay repeats it. */
  async passChanged(pass: AccessPassInput): Promise<void> {
    const message = { ...accessPassStart(pass), signal: passChangedSignal, signalArgs: [] as [] };
    try {
      await this.call(SIGNAL_TIMEOUT_MS, () => this.client.workflow.signalWithStart(ACCESS_PASS_WORKFLOW, message));
    } catch (error) {
      this.logger.warn({ err: error, passId: pass.passId }, 'a pass was not passed on to the engine: left to the relay');
    }
  }

  /**
   * Tells workflows of passes that there are no such passes any more, so that each ends. None is begun for it: one without a record would wait
   * for a payment. A failure is logged: a workflow finds out by itself, when its pass would end or within a month.
   */
  async passesGone(passIds: readonly PassId[]): Promise<void> {
    await Promise.all(
      passIds.map(async (passId) => {
        try {
          await this.call(SIGNAL_TIMEOUT_MS, () => this.client.workflow.getHandle(accessPassWorkflowId(passId)).signal(passChangedSignal));
        } catch (error) {
          if (error instanceof WorkflowNotFoundError) return;
          this.logger.warn({ err: error, passId }, 'the workflow of a pass that is gone was not told: it will look by itself');
        }
      }),
    );
  }

  /** @throws CkxError `ENGINE_UNAVAILABLE`. */
  async ping(): Promise<void> {
    await this.ask(SIGNAL_TIMEOUT_MS, () => this.connection.workflowService.getSystemInfo({}));
  }

  private handle(examSessionId: ExamSessionId) {
    return this.client.workflow.getHandle(examSessionWorkflowId(examSessionId));
  }

  private async passOn(examSessionId: ExamSessionId, what: string, send: () => Promise<unknown>): Promise<void> {
    try {
      await this.call(SIGNAL_TIMEOUT_MS, send);
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return;
      this.logger.warn({ err: error, examSessionId, what }, 'not passed on to the engine: left to the relay');
    }
  }

  private async ask<T>(timeoutMs: number, question: () => Promise<T>): Promise<T> {
    try {
      return await this.call(timeoutMs, question);
    } catch (error) {
      if (error instanceof WorkflowUpdateFailedError) throw error;
      if (error instanceof WorkflowNotFoundError) {
        throw new CkxError('user', 'WORKFLOW_UNKNOWN', 'No workflow runs for this session: it has not begun yet, or is over.', {
          remedy: 'Read /status, which always answers.',
          cause: error,
        });
      }
      throw new CkxError('operational', 'ENGINE_UNAVAILABLE', 'The engine of workflows does not answer.', {
        remedy: 'Read /status, which always answers; or try again in a moment.',
        details: { retryAfterSeconds: 5 },
        cause: error,
      });
    }
  }

  private call<T>(timeoutMs: number, send: () => Promise<T>): Promise<T> {
    const call = this.connection.withDeadline(Date.now() + timeoutMs, send).finally(() => this.underWay.delete(call));
    this.underWay.add(call);
    return call;
  }
}

/** Why checks were not run, or did not come to an end. */
function checkFailure(error: unknown): unknown {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || (error instanceof CkxError && isLate(error.cause))) {
    return new CkxError('operational', 'CHECK_NOT_FINISHED', 'The checks take long; they go on.', {
      remedy: 'Read their result with GET /api/v1/sessions/:id/questions/:position/help.',
      details: { retryAfterSeconds: 10 },
      cause: error,
    });
  }
  if (!(error instanceof WorkflowUpdateFailedError)) return error;
  const { cause } = error;
  const refusal = cause instanceof ApplicationFailure ? CHECK_REFUSALS.find((code) => code === cause.type) : undefined;
  if (refusal !== undefined) {
    const details = refusal === 'CHECKED_JUST_NOW' ? { retryAfterSeconds: CHECK_PAUSE_MS / 1_000 } : {};
    return new CkxError('user', refusal, cause?.message ?? error.message, { details, cause: error });
  }
  return new CkxError('operational', 'CHECK_NOT_FINISHED', 'The checks could not be run.', {
    remedy: 'Try again in a moment.',
    cause: error,
  });
}

function isLate(error: unknown): boolean {
  return error instanceof WorkflowUpdateRPCTimeoutOrCancelledError;
}
