import type { ApiConfig } from '@ckx/config';
import { CkxError, PART_UNITS, type SessionStats } from '@ckx/contracts';
import type { EntityManager } from '@ckx/persistence';
import { type Reader, sessionStats } from '@ckx/session-status';

/** Those who create sessions take turns, so that the limit of the queue holds exactly; each holds it for a few milliseconds. */
const CREATE_LOCK = 4_211_974;

/** How full the installation is; capacity counts environments of the usual kind, one node and a terminal. */
export function readStats(reader: Reader, config: ApiConfig): Promise<SessionStats> {
  return sessionStats(reader, {
    cpuMillis: PART_UNITS.node.cpuMillis + PART_UNITS.terminal.cpuMillis,
    memoryMib: PART_UNITS.node.memoryMib + PART_UNITS.terminal.memoryMib,
    maxConcurrentSessions: config.MAX_CONCURRENT_SESSIONS,
  });
}

/** Waits for one's turn to create a session; it lasts until the transaction ends. */
export async function takeTurn(manager: EntityManager): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock($1)', [CREATE_LOCK]);
}

/**
 * Refuses the session just inserted where it would have to wait and too many wait already.
 *
 * @throws CkxError `QUEUE_FULL` with the statistics.
 */
export async function assertRoomInQueue(manager: EntityManager, config: ApiConfig): Promise<void> {
  const stats = await readStats(manager, config);
  const waitingBefore = stats.waiting - 1;
  const wouldWait = waitingBefore > 0 || stats.active >= stats.capacity;
  if (!wouldWait || waitingBefore < config.QUEUE_LIMIT) return;
  throw new CkxError('user', 'QUEUE_FULL', `All ${stats.capacity} places are taken and ${waitingBefore} candidates wait already.`, {
    remedy: 'Try again in a minute.',
    details: { statistics: { ...stats, waiting: waitingBefore }, retryAfterSeconds: 60 },
  });
}
