/** The part of the lifecycle that writes Postgres: transitions with their events, and what is asked of the workflow. */
import { isDeepStrictEqual } from 'node:util';
import { compensate } from '@ckx/access-passes';
import { CkxError, SessionState, type ExamSessionId, type Failure, type SessionOutcome } from '@ckx/contracts';
import type { TerminateRequest } from '@ckx/contracts/exam-session';
import { ExamSessionEntity, SessionEventEntity, type EntityManager, type ExamSessionRow } from '@ckx/persistence';
import { MoreThan } from 'typeorm';
import { z } from 'zod';
import { entails } from './outcomes.ts';
import { assertTransition, isTerminal } from './transitions.ts';

export interface Transition {
  readonly examSessionId: ExamSessionId;
  /** Issued by the workflow, unique in the session; null for whoever writes where there is no workflow. */
  readonly sequence: number | null;
  readonly to: SessionState;
  /** With `terminated`, and only then. */
  readonly outcome?: SessionOutcome | undefined;
  /** With `failed`, and only then. */
  readonly failure?: Failure | undefined;
}

const EventData = z.record(z.string(), z.unknown());

export interface Transitioned {
  readonly state: SessionState;
  readonly previous: SessionState;
}

/**
 * Locks a session's row until the transaction ends.
 *
 * @throws CkxError user `SESSION_UNKNOWN`.
 */
export async function lockSession(manager: EntityManager, examSessionId: ExamSessionId): Promise<ExamSessionRow> {
  const session = await manager.findOne(ExamSessionEntity, { where: { id: examSessionId }, lock: { mode: 'pessimistic_write' } });
  if (session === null) throw new CkxError('user', 'SESSION_UNKNOWN', `There is no session ${examSessionId}.`);
  return session;
}

/**
 * Writes a transition and its event in one transaction (a savepoint where one is open already), and gives back what the end of a session
 * gives back. A sequence number that was written
 * before with the same content counts as success, so that a record repeated after a lost acknowledgement is harmless.
 *
 * @throws CkxError user `SESSION_UNKNOWN`, user `ILLEGAL_TRANSITION`; bug `SEQUENCE_REUSED` when the number was written with another
 *   content, bug `SEQUENCE_OUT_OF_ORDER` when a later transition was written already, bug `TRANSITION_INCOMPLETE` when outcome or
 *   failure do not go with the state.
 */
export async function applyTransition(manager: EntityManager, transition: Transition): Promise<Transitioned> {
  const { examSessionId, sequence, to, outcome, failure } = transition;
  if ((to === 'terminated') !== (outcome !== undefined) || (to === 'failed') !== (failure !== undefined)) {
    throw new CkxError('bug', 'TRANSITION_INCOMPLETE', 'An outcome goes with terminated, a failure with failed, and with nothing else.');
  }
  return await manager.transaction(async (tx) => {
    const session = await lockSession(tx, examSessionId);
    const content = { to, ...(outcome === undefined ? {} : { outcome }), ...(failure === undefined ? {} : { failure }) };

    if (sequence !== null) {
      const previous = await findRepeated(tx, examSessionId, sequence, content);
      if (previous !== null) return { state: to, previous };
    }
    assertTransition(session.state, to);
    const now = () => 'now()';
    await tx.update(ExamSessionEntity, examSessionId, {
      state: to,
      sequence: Math.max(session.sequence, sequence ?? 0),
      waiting: null,
      ...(outcome === undefined ? {} : { outcome }),
      ...(failure === undefined ? {} : { failure }),
      ...(to === 'ready' ? { readyAt: now } : {}),
      // The clock's first entry has written it already, where a workflow runs the session.
      ...(to === 'running' ? { startedAt: session.startedAt ?? now } : {}),
      ...(isTerminal(to) ? { endedAt: now } : {}),
    });
    await tx.insert(SessionEventEntity, { examSessionId, sequence, kind: 'transition', data: { from: session.state, ...content } });
    const end = outcome !== undefined ? { outcome } : failure !== undefined ? { failure: failure.type } : null;
    if (end !== null && entails(end, session.startedAt !== null).givesTimeBack) {
      await compensate(tx, examSessionId, failure?.reason ?? session.terminateRequest?.reason ?? null);
    }
    return { state: to, previous: session.state };
  });
}

/** @returns the state before the transition when the same one was written under that number; null when nothing was. */
async function findRepeated(
  tx: EntityManager,
  examSessionId: ExamSessionId,
  sequence: number,
  content: object,
): Promise<SessionState | null> {
  const written = await tx.findOneBy(SessionEventEntity, { examSessionId, sequence });
  if (written !== null) {
    const { from, ...stored } = EventData.parse(written.data);
    // As it would be stored: without fields that are undefined.
    if (written.kind === 'transition' && isDeepStrictEqual(stored, JSON.parse(JSON.stringify(content)))) return SessionState.parse(from);
    throw new CkxError('bug', 'SEQUENCE_REUSED', `Number ${sequence} of session ${examSessionId} was written with another content.`);
  }
  const later = await tx.existsBy(SessionEventEntity, { examSessionId, kind: 'transition', sequence: MoreThan(sequence) });
  if (!later) return null;
  throw new CkxError('bug', 'SEQUENCE_OUT_OF_ORDER', `A transition after number ${sequence} of session ${examSessionId} was written.`);
}

/** What may be asked of a session's workflow from outside. */
export type SessionRequest = { readonly kind: 'start' } | { readonly kind: 'submit' } | ({ readonly kind: 'terminate' } & TerminateRequest);

/**
 * Writes down what is asked of a session's workflow, before it is signalled: the relay repeats it until the state shows that it was
 * done. A request that was written before stays as it is.
 *
 * @returns the session as it was found, locked until the transaction ends.
 * @throws CkxError user `SESSION_UNKNOWN`, user `ILLEGAL_TRANSITION` where the request cannot be met in the session's state.
 */
export async function recordRequest(
  manager: EntityManager,
  examSessionId: ExamSessionId,
  request: SessionRequest,
): Promise<ExamSessionRow> {
  return await manager.transaction(async (tx) => {
    const session = await lockSession(tx, examSessionId);
    if (request.kind === 'submit' && session.state !== 'running') {
      throw new CkxError('user', 'ILLEGAL_TRANSITION', `A session that is ${session.state} cannot be submitted.`, {
        remedy: 'Only a session that is running can be handed in.',
        details: { from: session.state, to: 'terminated' },
      });
    }
    assertTransition(session.state, request.kind === 'start' ? 'running' : 'terminated');

    const now = () => 'now()';
    switch (request.kind) {
      case 'start':
        if (session.startRequestedAt === null) await tx.update(ExamSessionEntity, examSessionId, { startRequestedAt: now });
        break;
      case 'submit':
        if (session.submitRequestedAt !== null) break;
        await tx.update(ExamSessionEntity, examSessionId, { submitRequestedAt: now });
        await tx.insert(SessionEventEntity, { examSessionId, kind: 'submit_requested', data: {} });
        break;
      case 'terminate': {
        if (session.terminateRequestedAt !== null) break;
        const terminateRequest = { outcome: request.outcome, reason: request.reason };
        await tx.update(ExamSessionEntity, examSessionId, { terminateRequestedAt: now, terminateRequest });
        await tx.insert(SessionEventEntity, { examSessionId, kind: 'terminate_requested', data: terminateRequest });
        break;
      }
    }
    return session;
  });
}
