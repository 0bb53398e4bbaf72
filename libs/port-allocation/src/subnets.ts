import { CkxError } from '@ckx/contracts';

/** Every environment gets a network of this size: 64 addresses. */
const PREFIX = 26;
const SIZE = 2 ** (32 - PREFIX);

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

/**
 * The lowest /26 of a pool that is not taken.
 *
 * @param pool CIDR notation, IPv4, /26 or larger; address bits beyond its prefix are ignored.
 * @param taken networks as Postgres writes them, `a.b.c.d/26`.
 * @throws CkxError operational `SUBNETS_EXHAUSTED`.
 */
export function chooseSubnet(pool: string, taken: Iterable<string>): string {
  const [address = '', bits = ''] = pool.split('/');
  const poolSize = 2 ** (32 - Number(bits));
  const first = Math.floor(toNumber(address) / poolSize) * poolSize;
  const unavailable = new Set(taken);
  for (let start = first; start + SIZE <= first + poolSize; start += SIZE) {
    const subnet = `${toAddress(start)}/${PREFIX}`;
    if (!unavailable.has(subnet)) return subnet;
  }
  throw new CkxError('operational', 'SUBNETS_EXHAUSTED', `Every /${PREFIX} network of ${pool} is taken.`, {
    remedy: 'Wait until a session ends, or give the host a larger CKX_SUBNET_POOL.',
  });
}
