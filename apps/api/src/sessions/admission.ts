import type { ApiConfig } from '@ckx/config';
import { CkxError, type EnvironmentNeeds, type SessionStats, type Units, unitsOf } from '@ckx/contracts';
import type { EntityManager } from '@ckx/persistence';
import { readMaintenance, type Reader, sessionStats } from '@ckx/session-status';

/** Those who create sessions take turns, so that quota and limit of the queue hold exactly; each holds it for a few milliseconds. */
const CREATE_LOCK = 4_211_974;

/** One node and a terminal. */
const USUAL: Units = unitsOf({ cluster: 'dedicated', nodes: 1, dockerEngine: false, desktop: false, egress: 'none', addons: [] });
const MAINTENANCE_RETRY_SECONDS = 300;

/** How full the installation is, for environments of the usual size. */
export function readStats(reader: Reader, config: ApiConfig, units: Units = USUAL): Promise<SessionStats> {
  return sessionStats(reader, { ...units, maxConcurrentSessions: config.MAX_CONCURRENT_SESSIONS });
}

/** Waits for one's turn to create a session; it lasts until the transaction ends. */
export async function takeTurn(manager: EntityManager): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock($1)', [CREATE_LOCK]);
}

/** @throws CkxError `MAINTENANCE` with what candidates are told. */
export async function assertNoMaintenance(manager: EntityManager): Promise<void> {
  const { on, message } = await readMaintenance(manager);
  if (!on) return;
  throw new CkxError('user', 'MAINTENANCE', `No new sessions for now: ${message}`, {
    remedy: 'Sessions that run go on to their end. Try again later.',
    details: { message, retryAfterSeconds: MAINTENANCE_RETRY_SECONDS },
  });
}

/**
 * Refuses the session just inserted where it would have to wait and too many wait already.
 *
 * @throws CkxError `QUEUE_FULL` with the statistics, for environments of this session's size.
 */
export async function assertRoomInQueue(manager: EntityManager, config: ApiConfig, needs: EnvironmentNeeds): Promise<void> {
  const stats = await readStats(manager, config, unitsOf(needs));
  const waitingBefore = stats.waiting - 1;
  const wouldWait = waitingBefore > 0 || stats.free === 0;
  if (!wouldWait || waitingBefore < config.QUEUE_LIMIT) return;
  throw new CkxError('user', 'QUEUE_FULL', `All ${stats.capacity} places are taken and ${waitingBefore} candidates wait already.`, {
    remedy: 'Try again in a minute.',
    details: { statistics: { ...stats, waiting: waitingBefore }, retryAfterSeconds: 60 },
  });
}
