import { EnvironmentEntity, HostEntity, inTransaction, SessionEventEntity, type DataSource, type EntityManager } from '@ckx/persistence';
import { CkxError, type ExecutionEnvironmentId } from '@ckx/contracts';
import type { EnvironmentRow } from '@ckx/persistence';
import { allocatePorts, allocateSubnet, releasePorts, replacePort, setAside } from '@ckx/port-allocation';
import type { RecordActivities } from './interface.ts';

/** An environment's records, from its place on a host to its release. `wake` tells the head of the queue that there may be room. */
export function environmentRecords(
  dataSource: DataSource,
  wake: () => Promise<void>,
): Pick<RecordActivities, 'recordEnvironment' | 'recordDesktop' | 'moveEnvironment' | 'moveDesktop' | 'releaseEnvironment'> {
  return {
    async recordEnvironment({ executionEnvironmentId, state, facts }) {
      await inTransaction(dataSource, async (tx) => {
        const environment = await lockEnvironment(tx, executionEnvironmentId);
        await tx.update(EnvironmentEntity, environment.id, {
          state,
          ...(facts && { facts }),
          ...(state === 'bound' && { readyAt: environment.readyAt ?? (() => 'now()') }),
        });
        await tell(tx, environment, state);
      });
      // Out of `provisioning`: one more may boot on that host.
      await wake();
    },

    async recordDesktop({ executionEnvironmentId, desktopSecret }) {
      await inTransaction(dataSource, async (tx) => {
        const { id, facts, examSessionId } = await lockEnvironment(tx, executionEnvironmentId);
        if (facts === null) throw new CkxError('bug', 'TERMINAL_NOT_OPEN', 'A desktop is opened beside a terminal that is open.');
        const { desktopSecret: before, ...others } = facts;
        if ((before ?? null) === desktopSecret) return;
        await tx.update(EnvironmentEntity, id, { facts: { ...others, ...(desktopSecret !== null && { desktopSecret }) } });
        if (examSessionId === null) return;
        await tx.insert(SessionEventEntity, { examSessionId, kind: 'desktop', data: { open: desktopSecret !== null } });
      });
    },

    moveEnvironment: ({ executionEnvironmentId, refused }) =>
      inTransaction(dataSource, async (tx) => {
        const { id, hostId, spec } = await lockEnvironment(tx, executionEnvironmentId);
        const own = [spec.subnet, ...Object.values(spec.ports).map(String)];
        if (!own.includes(refused)) return spec;
        const host = await tx.findOneByOrFail(HostEntity, { id: hostId });
        await setAside(tx, { hostId, address: refused });
        await releasePorts(tx, id);
        const ports = await allocatePorts(tx, { hostId, environmentId: id, ranges: host.portRanges });
        const subnet = await allocateSubnet(tx, { hostId, pool: host.subnetPool });
        const moved = { ...spec, ports, subnet };
        await tx.update(EnvironmentEntity, id, { subnet, spec: moved });
        return moved;
      }),

    moveDesktop: ({ executionEnvironmentId, refused }) =>
      inTransaction(dataSource, async (tx) => {
        const { id, hostId, spec } = await lockEnvironment(tx, executionEnvironmentId);
        if (String(spec.ports.vnc) !== refused) return spec;
        const { portRanges: ranges } = await tx.findOneByOrFail(HostEntity, { id: hostId });
        await setAside(tx, { hostId, address: refused });
        const vnc = await replacePort(tx, { hostId, environmentId: id, kind: 'vnc', ranges });
        const moved = { ...spec, ports: { ...spec.ports, vnc } };
        await tx.update(EnvironmentEntity, id, { spec: moved });
        return moved;
      }),

    async releaseEnvironment({ executionEnvironmentId, state }) {
      await inTransaction(dataSource, async (tx) => {
        const environment = await lockEnvironment(tx, executionEnvironmentId);
        if (environment.state === state) return;
        if (state === 'destroyed') await releasePorts(tx, environment.id);
        await tx.update(EnvironmentEntity, environment.id, { state, ...(state === 'destroyed' && { destroyedAt: () => 'now()' }) });
        await tell(tx, environment, state);
      });
      await wake();
    },
  };
}

async function lockEnvironment(tx: EntityManager, id: ExecutionEnvironmentId): Promise<EnvironmentRow> {
  const environment = await tx.findOne(EnvironmentEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  if (environment === null) throw new CkxError('bug', 'ENVIRONMENT_UNKNOWN', `There is no environment ${id}.`);
  return environment;
}

/** Tells the session's followers, once. */
async function tell(tx: EntityManager, environment: EnvironmentRow, state: EnvironmentRow['state']): Promise<void> {
  const { examSessionId } = environment;
  if (examSessionId === null || environment.state === state) return;
  await tx.insert(SessionEventEntity, { examSessionId, kind: 'environment', data: { state } });
}
