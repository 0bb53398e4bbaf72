import type { ExamSessionId } from '@ckx/contracts';
import { getEvents, getSessionStatus, type Reader } from '@ckx/session-status';
import type { MessageEvent } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { isOver } from './is-over.ts';

const POLL_MS = 500;
/** Proxies drop connections that are silent for a minute. */
const HEARTBEAT_MS = 15_000;
const PAGE = 500;

/**
 * A session's events after `lastEventId`, in order, until all that belongs to it is over: the session, its grading, its environment.
 * The last message is `end`, after which a client need not come back. Comments keep the connection alive.
 *
 * Read from Postgres by polling: a session is written by its one workflow, so ids within it become visible in order.
 */
export async function* streamEvents(
  reader: Reader,
  examSessionId: ExamSessionId,
  lastEventId: number,
  signal: AbortSignal,
): AsyncGenerator<MessageEvent> {
  let last = lastEventId;
  let spokeAt = 0;
  while (!signal.aborted) {
    // Before the events: what happens in between is then told before the end.
    const over = isOver(await getSessionStatus(reader, examSessionId));
    const events = await getEvents(reader, examSessionId, last, PAGE);
    for (const event of events) {
      yield { id: String(event.id), type: event.kind, data: event };
      last = event.id;
    }
    if (events.length === PAGE) continue;
    if (over) {
      // With the last id again: a client that comes back all the same misses nothing.
      yield { id: String(last), type: 'end', data: {} };
      return;
    }
    const now = Date.now();
    if (events.length > 0) spokeAt = now;
    if (now - spokeAt >= HEARTBEAT_MS) {
      yield { comment: 'still here' };
      spokeAt = now;
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}
