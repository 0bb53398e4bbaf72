/** Addresses that an engine refused: nobody is given them for a while. */
import type { HostId } from '@ckx/contracts';
import { type EntityManager, RefusedAddressEntity, type RefusedAddressRow } from '@ckx/persistence';
import { LessThan, MoreThan } from 'typeorm';

/** Long enough that not every other session meets it, short enough that what somebody has mended is of use again. */
const SET_ASIDE_MINUTES = 15;

/** Sets a port or a network (CIDR notation) of a host aside, within the caller's transaction; once more where it was before. */
export async function setAside(manager: EntityManager, { hostId, address }: { hostId: HostId; address: string }): Promise<void> {
  await manager.delete(RefusedAddressEntity, { hostId, until: LessThan(new Date()) });
  const until = new Date(Date.now() + SET_ASIDE_MINUTES * 60_000);
  await manager.upsert(RefusedAddressEntity, { hostId, address, until }, ['hostId', 'address']);
}

/** What is set aside now: ports, and networks in CIDR notation. */
export async function readSetAside(manager: EntityManager, hostId: HostId): Promise<{ ports: number[]; subnets: string[] }> {
  const rows = await manager.find(RefusedAddressEntity, { where: { hostId, until: MoreThan(new Date()) } });
  const [subnets, ports] = [rows.filter(isSubnet), rows.filter((row) => !isSubnet(row))];
  return { ports: ports.map(({ address }) => Number(address)), subnets: subnets.map(({ address }) => address) };
}

function isSubnet({ address }: RefusedAddressRow): boolean {
  return address.includes('/');
}
