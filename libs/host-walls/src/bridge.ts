/** Bridges of sessions: their names, by which the firewall knows them, and what the kernel is told of each. */
import { writeFile } from 'node:fs/promises';

/** Every bridge of a session begins with this; nothing behind it reaches anything. */
export const BRIDGE_PREFIX = 'ckx';

/** Bridges of labs that may reach the internet; no hexadecimal digit, so that no id behind the shorter prefix reads like it. */
export const OPEN_BRIDGE_PREFIX = 'ckxout';

const SETTINGS = [
  // The host takes no IPv6 address on the bridge: root on a node could switch IPv6 on and reach it at fe80::/10.
  ['ipv6', 'disable_ipv6', '1'],
  // A sender's address that belongs to another session is dropped where it comes in.
  ['ipv4', 'rp_filter', '1'],
  ['ipv4', 'accept_redirects', '0'],
] as const;

/**
 * What the firewall's rules cannot say, told the kernel for one bridge. Where this process may not (another machine, not root) nothing
 * happens: the firewall alone closes IPv6 as well.
 */
export async function closeBridge(bridge: string): Promise<void> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return;
  await Promise.all(
    SETTINGS.map(([family, key, value]) => writeFile(`/proc/sys/net/${family}/conf/${bridge}/${key}`, value).catch(() => undefined)),
  );
}
