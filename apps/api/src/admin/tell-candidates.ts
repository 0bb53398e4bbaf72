import { ExamSessionId, type HostId } from '@ckx/contracts';
import { type EntityManager, SessionEventEntity } from '@ckx/persistence';
import { z } from 'zod';

/** Sessions with an environment on the host, locked: the events of a session become visible in the order of their numbers. */
const SITTING = `
  SELECT s.id FROM exam_sessions s
   WHERE s.state IN ('initializing', 'ready', 'running')
     AND EXISTS (SELECT FROM environments e WHERE e.exam_session_id = s.id AND e.host_id = $1 AND e.state <> 'destroyed')
   ORDER BY s.id FOR UPDATE`;
const TOLD = `
  SELECT DISTINCT ON (exam_session_id) exam_session_id AS id, (data ->> 'on')::boolean AS "on"
    FROM session_events WHERE kind = 'maintenance' AND exam_session_id = ANY ($1)
   ORDER BY exam_session_id, session_events.id DESC`;
const Sitting = z.array(z.object({ id: ExamSessionId }));
const Told = z.array(z.object({ id: ExamSessionId, on: z.boolean() }));

/** Data of an event `maintenance`. */
type MaintenanceNotice = { readonly on: true; readonly message: string } | { readonly on: false };

/**
 * Tells everybody who sits an exam on the host that there will be maintenance, by an event of their session.
 *
 * @param message in the administrator's words.
 */
export async function announceMaintenance(tx: EntityManager, hostId: HostId, message: string): Promise<void> {
  await tell(tx, await sittingOn(tx, hostId), { on: true, message });
}

/** Takes back what was announced, of those who were told. */
export async function endMaintenance(tx: EntityManager, hostId: HostId): Promise<void> {
  const sitting = await sittingOn(tx, hostId);
  const told = Told.parse(await tx.query(TOLD, [sitting]));
  await tell(
    tx,
    told.filter(({ on }) => on).map(({ id }) => id),
    { on: false },
  );
}

const sittingOn = async (tx: EntityManager, hostId: HostId): Promise<ExamSessionId[]> =>
  Sitting.parse(await tx.query(SITTING, [hostId])).map(({ id }) => id);

async function tell(tx: EntityManager, ids: readonly ExamSessionId[], data: MaintenanceNotice): Promise<void> {
  if (ids.length === 0) return;
  await tx.insert(
    SessionEventEntity,
    ids.map((examSessionId) => ({ examSessionId, kind: 'maintenance', data: { ...data } })),
  );
}
