import { BlockList, isIP } from 'node:net';
import { NOT_INTERNET } from '@ckx/host-walls';

const closed = new BlockList();
for (const range of NOT_INTERNET) {
  const [network = '', prefix = ''] = range.split('/');
  closed.addSubnet(network, Number(prefix), 'ipv4');
}
// Within what is given out of IPv6: an IPv4 address in another form (6to4, Teredo), and examples.
for (const [network, prefix] of [['2002::', 16] as const, ['2001::', 32] as const, ['2001:db8::', 32] as const]) {
  closed.addSubnet(network, prefix, 'ipv6');
}
const global = new BlockList();
global.addSubnet('2000::', 3, 'ipv6');

/** Whether an address is the internet's: no neighbour of this machine, no session, no metadata service. */
export function isPublic(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !closed.check(address, 'ipv4');
    case 6:
      return global.check(address, 'ipv6') && !closed.check(address, 'ipv6');
    default:
      return false;
  }
}
