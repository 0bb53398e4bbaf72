import { HostEntity, inTransaction, type DataSource } from '@ckx/persistence';
import type { RecordActivities } from './interface.ts';

/** What a host said of itself, or that it says nothing. `wake` tells the head of the queue that there may be room. */
export function hostRecords(dataSource: DataSource, wake: () => Promise<void>): Pick<RecordActivities, 'recordHost'> {
  return {
    async recordHost(request) {
      const cameUp = await inTransaction(dataSource, async (tx) => {
        const known = await tx.findOne(HostEntity, { where: { id: request.hostId }, lock: { mode: 'pessimistic_write' } });
        if ('lost' in request) {
          await tx.update(HostEntity, request.hostId, { state: 'lost' });
          return false;
        }
        const { hostId: id, ...facts } = request.facts;
        // What an administrator asked for outlives a restart of the worker, and that the host was lost.
        const state = (known?.drainRequestedAt ?? null) === null ? 'active' : 'draining';
        await tx.upsert(HostEntity, { id, ...facts, state, lastSeenAt: new Date() }, ['id']);
        return known?.state !== state;
      });
      if (cameUp) await wake();
    },
  };
}
