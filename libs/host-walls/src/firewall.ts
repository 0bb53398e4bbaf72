/**
 * The firewall around sessions: a few static rules that match bridges by name, so that no session changes them. They stand in the
 * mangle table, which Docker does not touch: a packet dropped there is gone whatever Docker's own rules say, and neither a restart of
 * the engine nor a reload of other rules takes them away (docs/decisions, "Walls stand in the mangle table").
 */
import { execFile, spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import { promisify } from 'node:util';
import { CkxError } from '@ckx/contracts';
import { BRIDGE_PREFIX, OPEN_BRIDGE_PREFIX } from './bridge.ts';

const run = promisify(execFile);

const ANY = `${BRIDGE_PREFIX}+`;
const OPEN = `${OPEN_BRIDGE_PREFIX}+`;
const ANSWERS = '-m conntrack --ctstate RELATED,ESTABLISHED -j RETURN';

/** What the internet is not: this machine's neighbours, other sessions, and the clouds' metadata services. */
export const NOT_INTERNET = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  // Link-local, the usual metadata address 169.254.169.254 among them.
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // A metadata service at a public address.
  '168.63.129.16/32',
];

/** The rules of one address family, as `iptables -S` prints them. */
interface Family {
  readonly name: string;
  readonly program: string;
  /** Ways from the kernel's chains into ours; `! -i` comes after the rule for what sessions send. */
  readonly jumps: readonly string[];
  /** Chains of our own, whole. */
  readonly chains: Readonly<Record<string, readonly string[]>>;
}

const IPV4: Family = {
  name: 'IPv4',
  program: 'iptables',
  jumps: [`-A INPUT -i ${ANY} -j CKX-INPUT`, `-A FORWARD -i ${ANY} -j CKX-FROM`, `-A FORWARD ! -i ${ANY} -o ${ANY} -j CKX-TO`],
  chains: {
    // From a session to this machine: answers to who came in by a published port.
    'CKX-INPUT': [ANSWERS, '-j DROP'],
    // From a session to anywhere: its own network is bridged, not routed.
    'CKX-FROM': ['-m physdev --physdev-is-bridged -j RETURN', ANSWERS, `-i ${OPEN} -j CKX-OUT`, '-j DROP'],
    // A lab that may reach the internet; what Docker's own rules do with it then is theirs.
    'CKX-OUT': [`-o ${ANY} -j DROP`, ...NOT_INTERNET.map((range) => `-d ${range} -j DROP`), '-j ACCEPT'],
    // From elsewhere into a session: published ports, not a route that a neighbour of this machine has set.
    'CKX-TO': ['-m conntrack --ctstate RELATED,ESTABLISHED,DNAT -j RETURN', '-j DROP'],
  },
};

const IPV6: Family = {
  name: 'IPv6',
  program: 'ip6tables',
  jumps: [`-A INPUT -i ${ANY} -j DROP`, `-A FORWARD -i ${ANY} -j DROP`, `-A FORWARD -o ${ANY} -j DROP`],
  chains: {},
};

/** The families that this kernel speaks. */
async function families(): Promise<Family[]> {
  const speaksIpv6 = await access('/proc/net/if_inet6').then(
    () => true,
    () => false,
  );
  return speaksIpv6 ? [IPV4, IPV6] : [IPV4];
}

/** The mangle table's rules, a line each, with single blanks. */
async function rulesOf({ program }: Family): Promise<string[]> {
  const { stdout } = await run(program, ['-w', '10', '-t', 'mangle', '-S']);
  return linesOf(stdout);
}

export function linesOf(printed: string): string[] {
  return printed
    .split('\n')
    .map((line) => line.trim().replaceAll(/\s+/g, ' '))
    .filter((line) => line !== '');
}

const chainOf = (rule: string) => rule.split(' ')[1] ?? '';

/** A rule counts where nothing before it in its chain lets everything of a session pass. */
function isInForce(rules: readonly string[], jump: string): boolean {
  const at = rules.indexOf(jump);
  const before = rules.slice(0, at).filter((rule) => rule.startsWith(`-A ${chainOf(jump)} `));
  return at !== -1 && !before.some((rule) => rule.endsWith('-j ACCEPT'));
}

function isWhole(rules: readonly string[], chain: string, wanted: readonly string[]): boolean {
  const present = rules.filter((rule) => rule.startsWith(`-A ${chain} `)).map((rule) => rule.slice(`-A ${chain} `.length));
  return rules.includes(`-N ${chain}`) && present.length === wanted.length && present.every((rule, index) => rule === wanted[index]);
}

/** What of a family is not in force: the names of its chains, and jumps into them. */
function missingOf(rules: readonly string[], { jumps, chains }: Family): { jumps: string[]; chains: string[] } {
  return {
    jumps: jumps.filter((jump) => !isInForce(rules, jump)),
    chains: Object.entries(chains)
      .filter(([chain, wanted]) => !isWhole(rules, chain, wanted))
      .map(([chain]) => chain),
  };
}

/**
 * Puts the rules that are missing in force, all of a family at once; where none is, nothing is written. For root on the machine of the
 * engine.
 *
 * @throws CkxError `FIREWALL_NOT_SET` (operational) with what the program said.
 */
export async function setFirewall(): Promise<void> {
  for (const family of await families()) {
    try {
      const rules = await rulesOf(family);
      const missing = missingOf(rules, family);
      if (missing.jumps.length + missing.chains.length > 0) await restore(family, rules, missing.jumps);
    } catch (cause) {
      const said = cause instanceof Error ? cause.message : String(cause);
      throw new CkxError('operational', 'FIREWALL_NOT_SET', `The firewall around sessions could not be set (${family.name}): ${said}`, {
        remedy: `Install iptables, and run as root; by hand: docs/operations/walls.md.`,
        cause,
      });
    }
  }
}

/** The text for `iptables-restore --noflush`: naming a chain of ours empties it, other chains stay. */
export function restoreText({ chains }: Pick<Family, 'chains'>, rules: readonly string[], jumps: readonly string[]): string {
  return [
    '*mangle',
    ...Object.keys(chains).map((chain) => `:${chain} - [0:0]`),
    ...Object.entries(chains).flatMap(([chain, wanted]) => wanted.map((rule) => `-A ${chain} ${rule}`)),
    ...jumps.filter((jump) => rules.includes(jump)).map((jump) => jump.replace('-A', '-D')),
    // Each goes to the top, so the last comes first.
    ...[...jumps].reverse().map((jump) => jump.replace(/^-A (\S+)/, '-I $1 1')),
    'COMMIT',
    '',
  ].join('\n');
}

async function restore(family: Family, rules: readonly string[], jumps: readonly string[]): Promise<void> {
  const child = spawn(`${family.program}-restore`, ['-w', '10', '--noflush'], { stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  child.stdin.on('error', () => undefined).end(restoreText(family, rules, jumps));
  if ((await ended) !== 0) throw new Error(said.trim());
}

/**
 * What of the rules is not in force on this machine, a sentence for each address family; empty where all are. Also where it cannot be
 * known, since this user may not read them: a wall that nobody sees is none.
 */
export async function firewallGaps(): Promise<string[]> {
  const gaps = await Promise.all((await families()).map((family) => gapOf(family)));
  return gaps.filter((gap) => gap !== null);
}

async function gapOf(family: Family): Promise<string | null> {
  try {
    const missing = missingOf(await rulesOf(family), family);
    const names = [...missing.chains, ...missing.jumps.map((jump) => `"${jump.slice('-A '.length)}"`)];
    if (names.length === 0) return null;
    return `The firewall does not keep sessions from this host and from each other over ${family.name}: missing in the mangle table are ${names.join(', ')}.`;
  } catch {
    return `Whether the firewall keeps sessions from this host and from each other over ${family.name} cannot be seen by this user.`;
  }
}
