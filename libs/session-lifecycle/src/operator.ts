/** Moving a session by hand: through its workflow while that is open; only where there is none are the records written directly. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordsConfig } from '@ckx/config';
import { CkxError, examSessionWorkflowId, type ExamSessionId, type SessionOutcome, type SessionState } from '@ckx/contracts';
import { startClockSignal, submitSignal, terminateSignal } from '@ckx/contracts/exam-session';
import { ExamSessionEntity, inTransaction, type DataSource } from '@ckx/persistence';
import { Client, Connection, WorkflowNotFoundError, type WorkflowHandle } from '@temporalio/client';
import { applyTransition, recordRequest, type SessionRequest, type Transitioned } from './records.ts';
import { assertTransition, isTerminal } from './transitions.ts';

const WAIT_MS = 30_000;
const POLL_MS = 100;
const CONNECT_TIMEOUT_MS = 5_000;

export interface Move {
  readonly examSessionId: ExamSessionId;
  readonly to: SessionState;
  /** With `terminated`. @default terminated_by_admin */
  readonly outcome?: SessionOutcome | undefined;
  /** Shown to the candidate. */
  readonly reason: string;
}

/**
 * Moves a session, and returns when its record says so.
 *
 * @throws CkxError user `SESSION_UNKNOWN`, `ILLEGAL_TRANSITION`, or `WORKFLOW_DECIDES` for a transition that an open workflow makes by
 *   itself alone; operational `TEMPORAL_UNAVAILABLE`, `TRANSITION_PENDING` when it was asked for and not yet done after 30 s.
 */
export async function moveSession(database: DataSource, temporal: Temporal, move: Move): Promise<Transitioned> {
  const { state } = await readSession(database, move.examSessionId);
  assertTransition(state, move.to);
  return await withWorkflow(temporal, move.examSessionId, async (workflow) => {
    if (workflow === null) return await writeDirectly(database, move);
    const request = requestOf(move);
    const { state: previous } = await inTransaction(database, (manager) => recordRequest(manager, move.examSessionId, request));
    await send(workflow, request);
    await waitFor(database, move);
    return { state: move.to, previous };
  });
}

function requestOf(move: Move): SessionRequest {
  const { to, outcome = 'terminated_by_admin', reason } = move;
  if (to === 'running') return { kind: 'start' };
  if (to === 'terminated') {
    if (outcome === 'submitted') return { kind: 'submit' };
    if (outcome !== 'expired') return { kind: 'terminate', outcome, reason };
  }
  const what = to === 'terminated' ? `${to} as ${outcome}` : to;
  throw new CkxError('user', 'WORKFLOW_DECIDES', `The session's workflow is open, and only it makes a session ${what}.`, {
    remedy: 'It may be asked for running, and for terminated as submitted, cancelled, terminated_by_admin or abandoned.',
  });
}

async function send(workflow: WorkflowHandle, request: SessionRequest): Promise<void> {
  switch (request.kind) {
    case 'start':
      return await workflow.signal(startClockSignal);
    case 'submit':
      return await workflow.signal(submitSignal);
    case 'terminate':
      return await workflow.signal(terminateSignal, { outcome: request.outcome, reason: request.reason });
  }
}

async function writeDirectly(database: DataSource, { examSessionId, to, outcome, reason }: Move): Promise<Transitioned> {
  return await inTransaction(database, (manager) =>
    applyTransition(manager, {
      examSessionId,
      sequence: null,
      to,
      outcome: to === 'terminated' ? (outcome ?? 'terminated_by_admin') : undefined,
      failure: to === 'failed' ? { type: 'infra', code: 'FAILED_BY_OPERATOR', reason } : undefined,
    }),
  );
}

async function readSession(database: DataSource, id: ExamSessionId) {
  const session = await database.manager.findOneBy(ExamSessionEntity, { id });
  if (session === null) throw new CkxError('user', 'SESSION_UNKNOWN', `There is no session ${id}.`);
  return session;
}

async function waitFor(database: DataSource, { examSessionId, to }: Move): Promise<void> {
  const giveUpAt = Date.now() + WAIT_MS;
  for (;;) {
    const { state } = await readSession(database, examSessionId);
    if (state === to) return;
    if (isTerminal(state)) throw new CkxError('user', 'ILLEGAL_TRANSITION', `The session became ${state} meanwhile.`);
    if (Date.now() > giveUpAt) {
      throw new CkxError('operational', 'TRANSITION_PENDING', `The session was asked to become ${to} and is still ${state}.`, {
        remedy: 'The request is recorded and will be repeated; look again with session-status, and whether a control worker is running.',
      });
    }
    await sleep(POLL_MS);
  }
}

type Temporal = Pick<RecordsConfig, 'TEMPORAL_ADDRESS' | 'TEMPORAL_NAMESPACE'>;

/** Calls `work` with a client. @throws CkxError operational `TEMPORAL_UNAVAILABLE`. */
export async function withTemporal<T>(
  { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace }: Temporal,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const connection = await Connection.connect({ address, connectTimeout: CONNECT_TIMEOUT_MS }).catch((cause: unknown) => {
    throw new CkxError('operational', 'TEMPORAL_UNAVAILABLE', `Temporal does not answer at ${address}.`, {
      remedy: 'Start Temporal or set TEMPORAL_ADDRESS: whether the session has an open workflow decides who may move it.',
      cause,
    });
  });
  try {
    return await work(new Client({ connection, namespace }));
  } finally {
    await connection.close();
  }
}

/** Calls `work` with the session's workflow, or with null where none is open. */
async function withWorkflow<T>(
  temporal: Temporal,
  examSessionId: ExamSessionId,
  work: (workflow: WorkflowHandle | null) => Promise<T>,
): Promise<T> {
  return await withTemporal(temporal, async (client) => {
    const workflow = client.workflow.getHandle(examSessionWorkflowId(examSessionId));
    const isOpen = await workflow.describe().then(
      ({ status }) => status.name === 'RUNNING' || status.name === 'PAUSED',
      (error: unknown) => {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      },
    );
    return await work(isOpen ? workflow : null);
  });
}
