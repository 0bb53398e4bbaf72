/**
 * All that the processes of one group send, by the kernel's own account: what is named is let pass and counted, the rest is refused and
 * counted. The group is an empty one that the processes under test are started with; nothing else on the machine is touched.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

const run = promisify(execFile);
const LOOPBACK = '127.0.0.1';

export interface GroupNetwork extends AsyncDisposable {
  /** Packets by destination; `refused` those to anywhere else, over IPv4 and IPv6. */
  packets(): Promise<Record<string, number>>;
}

/** @param destinations by name: a port of loopback, or the first and the last of some. */
export async function watchGroup(
  gid: number,
  destinations: Readonly<Record<string, number | readonly [number, number]>>,
): Promise<GroupNetwork> {
  const chain = `CKX-TEST-${randomBytes(4).toString('hex')}`;
  const programs = ['iptables', 'ip6tables'];
  const jump = ['OUTPUT', '-m', 'owner', '--gid-owner', String(gid), '-j', chain];
  const rule = (program: string, ...args: readonly string[]) => run(program, ['-w', ...args]);
  const remove = async (): Promise<void> => {
    for (const program of programs) {
      for (const args of [
        ['-D', ...jump],
        ['-F', chain],
        ['-X', chain],
      ])
        await rule(program, ...args).catch(() => undefined);
    }
  };
  try {
    for (const program of programs) await rule(program, '-N', chain);
    for (const [name, ports] of Object.entries(destinations)) {
      const range = typeof ports === 'number' ? String(ports) : ports.join(':');
      const comment = ['-m', 'comment', '--comment', name];
      await rule('iptables', '-A', chain, '-p', 'tcp', '-d', LOOPBACK, '--dport', range, ...comment, '-j', 'ACCEPT');
    }
    for (const program of programs) {
      await rule(program, '-A', chain, '-m', 'comment', '--comment', 'refused', '-j', 'REJECT');
      await rule(program, '-I', ...jump);
    }
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    packets: async () => {
      const counts: Record<string, number> = {};
      for (const program of programs) {
        const { stdout } = await rule(program, '-nvxL', chain);
        for (const [, count, name] of stdout.matchAll(/^\s*(\d+) .*\/\* ([\w ]+) \*\//gm)) {
          if (name !== undefined) counts[name] = (counts[name] ?? 0) + Number(count);
        }
      }
      return counts;
    },
    [Symbol.asyncDispose]: remove,
  };
}
