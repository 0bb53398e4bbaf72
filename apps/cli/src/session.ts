/** What a candidate does with a session, through the public API alone. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AttemptResult,
  CkxError,
  ExamSessionId,
  isCkxError,
  SessionRouting,
  SessionStatus,
  SessionView,
  SshKey,
  type AttemptState,
  type LabId,
  type PackDigest,
  type SessionMode,
  type SessionState,
} from '@ckx/contracts';
import { z } from 'zod';
import type { Client } from './client.ts';
import type { SshTarget } from './ssh.ts';

/** The status is read this often while nothing is heard: events make it quicker, their absence does not make it wrong. */
const LOOK_EVERY_MS = 2_000;
/** An API that is being started again is waited for. */
const OUTAGE_LIMIT_MS = 60_000;

const isTerminal = (state: SessionState): boolean => state === 'terminated' || state === 'failed';
export const isOver = (status: SessionStatus): boolean => isTerminal(status.state);

const SETTLED: readonly AttemptState[] = ['graded', 'grading_failed', 'void'];
/** Ended, graded where it is to be graded, and its environment gone. */
export const isSettled = (status: SessionStatus): boolean =>
  isOver(status) &&
  (status.attempt === null || SETTLED.includes(status.attempt)) &&
  (status.environment === null || status.environment === 'destroyed' || status.environment === 'lost');
export const isGraded = (status: SessionStatus): boolean => isOver(status) && (status.attempt === null || SETTLED.includes(status.attempt));

/** @param options what administrators may ask for: a rehearsal is graded twice on the same cluster; a digest names a version of the lab. */
export function createSession(
  client: Client,
  labId: LabId,
  options: { readonly rehearsal?: true; readonly labDigest?: PackDigest; readonly mode?: SessionMode } = {},
): Promise<SessionView> {
  return client.call(SessionView, '/sessions', { method: 'POST', body: { labId, ...options } });
}

export function readStatus(client: Client, id: ExamSessionId): Promise<SessionStatus> {
  return client.call(SessionStatus, `/sessions/${id}/status`);
}

export function readResult(client: Client, id: ExamSessionId): Promise<AttemptResult> {
  return client.call(AttemptResult, `/sessions/${id}/result`);
}

/** The newest first. */
export function ownSessions(client: Client): Promise<SessionView[]> {
  return client.call(z.array(SessionView), '/sessions');
}

/** The session that was named, or the one that is open, or else the newest. @throws CkxError `NO_SESSION` where there is none. */
export async function sessionOf(client: Client, named: string | undefined, unnamed: 'open' | 'newest' = 'open'): Promise<ExamSessionId> {
  if (named !== undefined) {
    const id = ExamSessionId.safeParse(named);
    if (id.success) return id.data;
    throw new CkxError('user', 'INVALID_ARGUMENT', `'${named}' is not the id of a session.`, {
      remedy: 'See your sessions with: ckx sessions',
    });
  }
  // At most one is open, and it is the newest.
  const [newest] = await ownSessions(client);
  if (newest !== undefined && (unnamed === 'newest' || !isTerminal(newest.state))) return newest.examSessionId;
  throw new CkxError('user', 'NO_SESSION', unnamed === 'newest' ? 'You have no sessions yet.' : 'No session of yours is open.', {
    remedy: 'Start one with: ckx session start <lab>',
  });
}

/**
 * Yields the status now and at each change, until the caller has seen enough or `signal` aborts. Survives an API that is started again.
 */
export async function* watchStatus(client: Client, id: ExamSessionId, signal: AbortSignal): AsyncGenerator<SessionStatus, void, void> {
  const bell = new Bell();
  const listening = new AbortController();
  const stop = AbortSignal.any([signal, listening.signal]);
  const listener = listen(client, id, bell, stop);
  let seen = '';
  let silentSince: number | null = null;
  try {
    while (!signal.aborted) {
      try {
        const status = await readStatus(client, id);
        silentSince = null;
        const key = JSON.stringify({ ...status, now: null });
        if (key !== seen) yield status;
        seen = key;
      } catch (error) {
        if (!isOutage(error)) throw error;
        silentSince ??= Date.now();
        if (Date.now() - silentSince > OUTAGE_LIMIT_MS) throw error;
      }
      await bell.wait(LOOK_EVERY_MS, stop);
    }
  } finally {
    listening.abort();
    await listener;
  }
}

/** Waits until the status satisfies. @throws CkxError `SESSION_ENDED` where it cannot any more. */
export async function waitFor(
  client: Client,
  id: ExamSessionId,
  reached: (status: SessionStatus) => boolean,
  signal: AbortSignal = new AbortController().signal,
): Promise<SessionStatus> {
  for await (const status of watchStatus(client, id, signal)) {
    if (reached(status)) return status;
    if (isSettled(status)) throw ended(status);
  }
  throw new CkxError('user', 'ABORTED', `Stopped waiting for session ${id}; the session itself goes on.`);
}

/** What to say of a session that ended otherwise than was waited for. */
export function ended(status: SessionStatus): CkxError {
  if (status.failure !== null) {
    const { reason, remedy, type, step } = status.failure;
    return new CkxError(
      'operational',
      'SESSION_FAILED',
      `The session failed (${type}${step === undefined ? '' : `, at ${step}`}): ${reason}`,
      {
        ...(remedy === undefined ? {} : { remedy }),
      },
    );
  }
  return new CkxError('user', 'SESSION_ENDED', `The session has ended: ${status.outcome?.replaceAll('_', ' ') ?? status.state}.`);
}

/** Starts the clock where it does not run yet. @returns the status once it runs. */
export async function beginSession(client: Client, id: ExamSessionId): Promise<SessionStatus> {
  await client.call(z.unknown(), `/sessions/${id}/start`, { method: 'POST' });
  return waitFor(client, id, (status) => status.state === 'running');
}

/** How to reach the session's terminal: its key is issued once, and kept on this machine from then on. */
export async function terminalOf(client: Client, id: ExamSessionId): Promise<SshTarget> {
  const routing = await client.call(SessionRouting, `/sessions/${id}/routing`);
  if (routing.ssh === null) {
    throw new CkxError('user', 'TERMINAL_NOT_OPEN', 'The terminal of this session is not open.', {
      remedy: 'Look at the session with: ckx session status',
    });
  }
  const kept = await client.store.readKey(id);
  const key = kept ?? (await client.call(SshKey, `/sessions/${id}/ssh-key`, { method: 'POST' }));
  if (kept === null) await client.store.writeKey(id, key);
  return { ...routing.ssh, privateKey: key.privateKey };
}

/** Rings when an event of the session arrives. What events say is for other clients: the status says it all, and in one form. */
async function listen(client: Client, id: ExamSessionId, bell: Bell, signal: AbortSignal): Promise<void> {
  let lastId: string | undefined;
  while (!signal.aborted) {
    try {
      for await (const event of client.events(`/sessions/${id}/events`, lastId, signal)) {
        lastId = event.id ?? lastId;
        bell.ring();
        if (event.event === 'end') return;
      }
    } catch {
      // The status is asked for anyway, and tells what is wrong.
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

class Bell {
  #rung = Promise.withResolvers<void>();

  ring(): void {
    this.#rung.resolve();
  }

  async wait(timeoutMs: number, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const limit = sleep(timeoutMs, undefined, { signal: AbortSignal.any([over.signal, signal]) }).catch(() => undefined);
    await Promise.race([this.#rung.promise, limit]);
    over.abort();
    this.#rung = Promise.withResolvers();
  }
}

function isOutage(error: unknown): boolean {
  return isCkxError(error) && error.kind === 'operational';
}
