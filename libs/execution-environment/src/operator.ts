/**
 * Environments by an operator's hand, on a host: through the session's workflow while that is open; only where there is none are engine
 * and records touched from here. Not imported by the host role, which holds no database.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EnvironmentCommandConfig } from '@ckx/config';
import {
  CkxError,
  examSessionWorkflowId,
  type EnvironmentState,
  type ExamSessionId,
  type SessionPorts,
  type SessionState,
} from '@ckx/contracts';
import { EXAM_SESSION_WORKFLOW, examSessionStart } from '@ckx/contracts/exam-session';
import {
  EnvironmentEntity,
  ExamSessionEntity,
  inTransaction,
  PortAllocationEntity,
  SessionEventEntity,
  type DataSource,
  type EnvironmentRow,
  type ExamSessionRow,
} from '@ckx/persistence';
import { isTerminal } from '@ckx/session-lifecycle';
import { moveSession, withTemporal } from '@ckx/session-lifecycle/operator';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { destroy, list } from './docker/cleanup.ts';
import { connectEngine } from './docker/engine.ts';
import type { EnvironmentInspection } from './provider.ts';

const POLL_MS = 250;
/** Teardown by the session's workflow, grading before it included. */
const TEARDOWN_MS = 5 * 60_000;

/** What each of the commands prints. */
export interface EnvironmentStatus {
  readonly examSessionId: ExamSessionId;
  readonly session: SessionState;
  readonly environment: {
    readonly executionEnvironmentId: string;
    readonly hostId: string;
    /** As recorded. */
    readonly state: EnvironmentState;
    readonly subnet: string;
    readonly ports: SessionPorts;
  } | null;
  /** What the engine of this machine holds of it; null where the environment belongs to another host. */
  readonly engine: Pick<EnvironmentInspection, 'containers' | 'networks' | 'volumes'> | null;
}

export class EnvironmentOperator {
  readonly #database: DataSource;
  readonly #config: EnvironmentCommandConfig;

  constructor(database: DataSource, config: EnvironmentCommandConfig) {
    this.#database = database;
    this.#config = config;
  }

  /** @throws CkxError user `SESSION_UNKNOWN`; operational where records or engine do not answer. */
  async status(examSessionId: ExamSessionId): Promise<EnvironmentStatus> {
    const session = await this.#session(examSessionId);
    const environment = await this.#environment(examSessionId);
    return {
      examSessionId,
      session: session.state,
      environment: environment && {
        executionEnvironmentId: environment.id,
        hostId: environment.hostId,
        state: environment.state,
        subnet: environment.subnet,
        ports: environment.spec.ports,
      },
      engine: environment?.hostId === this.#config.CKX_HOST_ID ? await this.#held(environment) : null,
    };
  }

  /**
   * Sees to it that the session has its environment, and returns when it is ready. The session's workflow builds it, and is started
   * where nobody has: an environment that no workflow owns would be nobody's to remove.
   *
   * @throws CkxError user `SESSION_OVER`, `WORKFLOW_LOST`; operational `ENVIRONMENT_PENDING`, `SESSION_FAILED`.
   */
  async create(examSessionId: ExamSessionId): Promise<EnvironmentStatus> {
    const session = await this.#session(examSessionId);
    if (isTerminal(session.state)) {
      throw new CkxError('user', 'SESSION_OVER', `The session is ${session.state}: it gets no environment any more.`, {
        remedy: 'Start a new session.',
      });
    }
    await withTemporal(this.#config, (client) => this.#ensureWorkflow(client, session));
    const giveUpAt = Date.now() + this.#config.PROVISION_TIMEOUT_MS + 30_000;
    for (;;) {
      const [{ state, failure, waiting }, environment] = [await this.#session(examSessionId), await this.#environment(examSessionId)];
      if (environment?.state === 'bound') return await this.status(examSessionId);
      if (isTerminal(state)) {
        throw new CkxError('operational', 'SESSION_FAILED', failure?.reason ?? `The session became ${state}.`, {
          remedy: failure?.remedy ?? '',
        });
      }
      if (Date.now() > giveUpAt) {
        throw new CkxError('operational', 'ENVIRONMENT_PENDING', `The session is ${state}. ${waiting?.reason ?? ''}`.trim(), {
          remedy: 'Its workflow goes on: look again with status, and whether workers are running.',
        });
      }
      await sleep(POLL_MS);
    }
  }

  /**
   * Ends the session where it is open, and returns when its environment is gone.
   *
   * @throws CkxError user `OTHER_HOST` where nobody but another machine could do it; operational `ENVIRONMENT_PENDING`.
   */
  async destroy(examSessionId: ExamSessionId, reason: string): Promise<EnvironmentStatus> {
    const { state } = await this.#session(examSessionId);
    const before = await this.#environment(examSessionId);
    const isOpen = await withTemporal(this.#config, (client) => isWorkflowOpen(client, examSessionId));
    // Before the session is told to end: here nothing would come of it.
    if (!isOpen && before !== null && before.state !== 'destroyed') this.#requireThisHost(before);
    if (!isTerminal(state)) await moveSession(this.#database, this.#config, { examSessionId, to: 'terminated', reason });
    if (isOpen) await this.#gone(examSessionId);
    else if (before !== null && before.state !== 'destroyed') await this.#remove(before);
    return await this.status(examSessionId);
  }

  async #session(id: ExamSessionId): Promise<ExamSessionRow> {
    const session = await this.#database.manager.findOneBy(ExamSessionEntity, { id });
    if (session === null) throw new CkxError('user', 'SESSION_UNKNOWN', `There is no session ${id}.`);
    return session;
  }

  #environment(examSessionId: ExamSessionId): Promise<EnvironmentRow | null> {
    return this.#database.manager.findOneBy(EnvironmentEntity, { examSessionId });
  }

  get #engine() {
    const { DOCKER_HOST, CKX_INSTALLATION: installation, CKX_WORK_DIR: workDir } = this.#config;
    return { docker: connectEngine(DOCKER_HOST), installation, workDir };
  }

  async #held({ id }: EnvironmentRow): Promise<EnvironmentStatus['engine']> {
    const found = (await list(this.#engine)).find(({ executionEnvironmentId }) => executionEnvironmentId === id);
    return { containers: found?.containers ?? [], networks: found?.networks ?? [], volumes: found?.volumes ?? [] };
  }

  async #ensureWorkflow(client: Client, session: ExamSessionRow): Promise<void> {
    if (await isWorkflowOpen(client, session.id)) return;
    if (session.state !== 'created' || session.waiting !== null || (await this.#environment(session.id)) !== null) {
      throw new CkxError('user', 'WORKFLOW_LOST', `The session is ${session.state}, and its workflow is gone.`, {
        remedy: 'cleanup-ttl sweep ends it in order; then start a new session.',
      });
    }
    const { START_GRACE_MS: graceMs, PROVISION_TIMEOUT_MS: provisionTimeoutMs } = this.#config;
    await client.workflow.start(EXAM_SESSION_WORKFLOW, examSessionStart(session, { graceMs, provisionTimeoutMs }));
  }

  #requireThisHost({ hostId }: EnvironmentRow): void {
    if (hostId === this.#config.CKX_HOST_ID) return;
    throw new CkxError('user', 'OTHER_HOST', `The environment is on the host ${hostId}, and this is ${this.#config.CKX_HOST_ID}.`, {
      remedy: `Run the command on ${hostId} (or set CKX_HOST_ID and DOCKER_HOST), or leave it to cleanup-ttl sweep.`,
    });
  }

  async #remove({ id, examSessionId }: EnvironmentRow): Promise<void> {
    await destroy(this.#engine, id, examSessionId ?? undefined);
    await inTransaction(this.#database, async (tx) => {
      const { state } = await tx.findOneOrFail(EnvironmentEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (state === 'destroyed') return;
      await tx.delete(PortAllocationEntity, { environmentId: id });
      await tx.update(EnvironmentEntity, id, { state: 'destroyed', destroyedAt: () => 'now()' });
      if (examSessionId !== null) await tx.insert(SessionEventEntity, { examSessionId, kind: 'environment', data: { state: 'destroyed' } });
    });
  }

  /** Returns when the session's workflow has removed the environment. */
  async #gone(examSessionId: ExamSessionId): Promise<void> {
    const giveUpAt = Date.now() + TEARDOWN_MS;
    for (;;) {
      const environment = await this.#environment(examSessionId);
      if (environment === null || environment.state === 'destroyed') return;
      if (environment.state === 'lost' || Date.now() > giveUpAt) {
        throw new CkxError('operational', 'ENVIRONMENT_PENDING', `The environment is ${environment.state}.`, {
          remedy: 'It is removed as soon as its host answers again: look whether its worker is running.',
        });
      }
      await sleep(POLL_MS);
    }
  }
}

async function isWorkflowOpen(client: Client, examSessionId: ExamSessionId): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(examSessionWorkflowId(examSessionId)).describe();
    return status.name === 'RUNNING' || status.name === 'PAUSED' || status.name === 'CONTINUED_AS_NEW';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
