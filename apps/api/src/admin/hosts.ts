import { CkxError, HostId, HostView, type UserId } from '@ckx/contracts';
import { type DataSource, HostEntity, inTransaction } from '@ckx/persistence';
import { z } from 'zod';
import { recordDeed } from './audit.ts';
import { announceMaintenance, endMaintenance } from './tell-candidates.ts';

const Row = HostView.extend({
  registeredAt: z.date().transform((date) => date.toISOString()),
  lastSeenAt: z.date().transform((date) => date.toISOString()),
});

const SQL = `
  SELECT h.id AS "hostId", h.address, h.state, h.drain_requested_at IS NOT NULL AS draining,
         jsonb_build_object('cpuMillis', h.cpu_millis, 'memoryMib', h.memory_mib, 'bootSlots', h.boot_slots) AS capacity,
         jsonb_build_object('cpuMillis', coalesce(sum(e.cpu_millis), 0), 'memoryMib', coalesce(sum(e.memory_mib), 0),
                            'environments', count(e.id), 'booting', count(*) FILTER (WHERE e.state = 'provisioning')) AS used,
         h.engine, h.registered_at AS "registeredAt", h.last_seen_at AS "lastSeenAt"
    FROM hosts h LEFT JOIN environments e ON e.host_id = h.id AND e.state <> 'destroyed'
   WHERE $1::text IS NULL OR h.id = $1
   GROUP BY h.id ORDER BY h.id`;

/** Every host that ever registered, what it has and what is taken of it. */
export async function listHosts(dataSource: DataSource, hostId: HostId | null = null): Promise<HostView[]> {
  return z.array(Row).parse(await dataSource.query(SQL, [hostId]));
}

/**
 * Has a host take no new sessions, or take them again. Those it has run to their end; a host that is lost comes back as it was asked to.
 *
 * @param message tells those who sit on it; may be sent for a host that drains already. '' tells nobody.
 * @throws CkxError `HOST_UNKNOWN`.
 */
export async function setDraining(
  dataSource: DataSource,
  hostId: HostId,
  { actorId, draining, reason, message = '' }: { actorId: UserId; draining: boolean; reason: string; message?: string },
): Promise<HostView> {
  await inTransaction(dataSource, async (tx) => {
    const host = await tx.findOne(HostEntity, { where: { id: hostId }, lock: { mode: 'pessimistic_write' } });
    if (host === null)
      throw new CkxError('user', 'HOST_UNKNOWN', `There is no host ${hostId}.`, { remedy: 'See GET /api/v1/admin/hosts.' });
    const isSo = (host.drainRequestedAt !== null) === draining;
    if (isSo && message === '') return;
    if (!isSo) {
      const state = host.state === 'lost' ? 'lost' : draining ? 'draining' : 'active';
      await tx.update(HostEntity, hostId, { state, drainRequestedAt: draining ? () => 'now()' : null });
    }
    const action = draining ? 'host.drain' : 'host.resume';
    await recordDeed(tx, { actorId, action, target: { kind: 'host', id: hostId }, reason, data: message === '' ? {} : { message } });
    if (!draining) await endMaintenance(tx, hostId);
    else if (message !== '') await announceMaintenance(tx, hostId, message);
  });
  const [view] = await listHosts(dataSource, hostId);
  return HostView.parse(view);
}
