/** One session from its request to its removal, with a clock on each part. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  beginSession,
  createSession,
  isGraded,
  isOver,
  isSettled,
  readResult,
  readStatus,
  runRemote,
  terminalOf,
  waitFor,
  type Client,
} from '@ckx/cli';
import { LabId, SessionView, type ExecutionEnvironmentId, type ProvisionStep, type SessionStatus } from '@ckx/contracts';
import { z } from 'zod';

const LAB = LabId.parse('ckad-mock-01');
/** Often enough not to show in a figure, seldom enough not to slow what it looks at. */
const LOOK_EVERY_MS = 100;
const SILENT = { stdin: null, stdout: () => undefined, stderr: () => undefined };
const READY_TIMEOUT_MS = 180_000;

export interface SessionFigures {
  /** From the request until the state is `ready`, as the records have it. */
  readonly readyMs: number;
  /** From the request until a command ran in the terminal over SSH. */
  readonly promptMs: number;
  readonly stepsMs: Partial<Record<ProvisionStep, number>>;
  /** From handing in until every check is decided and recorded. */
  readonly gradingMs: number;
  /** From handing in until nothing of the session is left. */
  readonly goneMs: number;
}

/**
 * @param idle called while the session runs and nobody works in it.
 * @throws Error where the session does not get ready, or its untouched grading earns something or cannot decide a check.
 */
export async function measureSession(
  client: Client,
  idle: (environment: ExecutionEnvironmentId) => Promise<void>,
  signal: AbortSignal,
): Promise<SessionFigures> {
  const begun = performance.now();
  const { examSessionId: id } = await createSession(client, LAB);
  try {
    const ready = await lookUntilReady(client, id, begun, signal);
    const prompt = await runRemote(await terminalOf(client, id), 'true', SILENT, signal);
    if (prompt !== 0) throw new Error(`The terminal of ${id} answered 'true' with ${prompt}.`);
    const promptMs = performance.now() - begun;

    const { executionEnvironmentId } = await client.call(SessionView, `/sessions/${id}`);
    if (executionEnvironmentId !== null) await idle(executionEnvironmentId);

    await beginSession(client, id);
    const handedIn = performance.now();
    await client.call(z.unknown(), `/sessions/${id}/submit`, { method: 'POST' });
    await waitFor(client, id, isGraded, signal);
    const gradingMs = performance.now() - handedIn;
    const { earned, provisional } = await readResult(client, id);
    if (earned !== 0 || provisional) throw new Error(`The untouched session ${id} earned ${earned}, provisional: ${provisional}.`);
    await waitFor(client, id, isSettled, signal);
    return {
      readyMs: Date.parse(ready.readyAt ?? '') - Date.parse(ready.createdAt),
      promptMs,
      stepsMs: Object.fromEntries(ready.progress.map(({ step, durationMs }) => [step, durationMs])),
      gradingMs,
      goneMs: performance.now() - handedIn,
    };
  } finally {
    if (!isOver(await readStatus(client, id))) {
      await client.call(z.unknown(), `/sessions/${id}`, { method: 'DELETE' });
      await waitFor(client, id, isSettled);
    }
    await client.store.forgetKey(id);
  }
}

async function lookUntilReady(
  client: Client,
  id: SessionView['examSessionId'],
  begun: number,
  signal: AbortSignal,
): Promise<SessionStatus> {
  for (;;) {
    const status = await readStatus(client, id);
    if (status.state === 'ready') return status;
    if (isOver(status)) throw new Error(`Session ${id} ended before it was ready: ${status.failure?.reason ?? status.outcome}`);
    if (performance.now() - begun > READY_TIMEOUT_MS) throw new Error(`Session ${id} was not ready after ${READY_TIMEOUT_MS / 1000} s.`);
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}
