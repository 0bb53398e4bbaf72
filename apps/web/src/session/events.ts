import type { Shape } from '../api/client.ts';
import type { ServerSentEvent } from '../api/event-stream.ts';

type SessionEvent = Shape<'SessionEvent'>;

/** Time that was given, as the candidate is told of it. */
export interface TimeGiven {
  readonly id: number;
  readonly kind: 'extension' | 'credit';
  readonly milliseconds: number;
  readonly reason: string;
}

/** Maintenance of the machine that a session runs on, in the words of an administrator; null: it is over. */
export interface MaintenanceTold {
  readonly id: number;
  readonly message: string | null;
}

/** What the events of a session say that its status does not. Everything else is read from the status, which is the truth. */
export interface Told {
  /** Where to go on after a break in the connection. */
  readonly lastId: number;
  /** Since this page was opened: what was before, the clock's ledger says. */
  readonly given: readonly TimeGiven[];
  readonly restarts: number;
  /** Announced, whenever that was; or over since this page was opened. */
  readonly maintenance: MaintenanceTold | null;
  /** Why somebody ended it, in their words. */
  readonly endReason: string | null;
  /** Nothing more will come. */
  readonly ended: boolean;
}

export const NOTHING_TOLD: Told = { lastId: 0, given: [], restarts: 0, maintenance: null, endReason: null, ended: false };

/**
 * @param openedAt the server's time when this page began to listen, epoch milliseconds; what happened before is no news.
 * A repeated event, as after a resume, changes nothing.
 */
export function hear(told: Told, message: ServerSentEvent, openedAt: number): Told {
  if (message.event === 'end') return { ...told, ended: true };
  const event = parseEvent(message.data);
  if (event === null || event.id <= told.lastId) return told;
  const next = { ...told, lastId: event.id };
  if (event.kind === 'terminate_requested' && typeof event.data['reason'] === 'string') return { ...next, endReason: event.data['reason'] };
  const isNews = Date.parse(event.at) >= openedAt;
  if (event.kind === 'maintenance') return { ...next, maintenance: maintenanceTold(event, isNews) };
  if (!isNews) return next;
  switch (event.kind) {
    case 'clock': {
      const given = timeGiven(event);
      return given === null ? next : { ...next, given: [...told.given, given] };
    }
    case 'restart':
      return { ...next, restarts: told.restarts + 1 };
    default:
      return next;
  }
}

function timeGiven({ id, data }: SessionEvent): TimeGiven | null {
  const { kind, milliseconds, reason } = data;
  if ((kind !== 'extension' && kind !== 'credit') || typeof milliseconds !== 'number' || typeof reason !== 'string') return null;
  return { id, kind, milliseconds, reason };
}

function maintenanceTold({ id, data }: SessionEvent, isNews: boolean): MaintenanceTold | null {
  const { on, message } = data;
  if (on === true && typeof message === 'string') return { id, message };
  return isNews ? { id, message: null } : null;
}

/** @returns null for what is no event of a session: a page must not break by one line that it does not know. */
function parseEvent(text: string): SessionEvent | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return isEvent(value) ? value : null;
}

function isEvent(value: unknown): value is SessionEvent {
  if (typeof value !== 'object' || value === null) return false;
  if (!('id' in value) || !('kind' in value) || !('at' in value) || !('data' in value)) return false;
  const { id, kind, at, data } = value;
  return Number.isSafeInteger(id) && typeof kind === 'string' && typeof at === 'string' && typeof data === 'object' && data !== null;
}
