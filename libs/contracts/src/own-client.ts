/** What the candidate's own SSH client is given, so that it asks nothing and takes no other machine for one of the session's. */
import type { KnownMachine } from './environment.ts';

interface Jumphost {
  readonly user: string;
  readonly host: string;
  readonly port: number;
  /** OpenSSH public key format. */
  readonly hostKey: string;
}

/** Names of files, in the folder in which the client is called. */
export const OWN_CLIENT_FILES = { key: 'ckx-key', knownHosts: 'ckx-known-hosts', config: 'ckx-ssh' } as const;

/** The port without which SSH's files name a host. */
const SSH_PORT = 22;

/** A line of a file of SSH's for those who know hosts (sshd(8), `SSH_KNOWN_HOSTS FILE FORMAT`). */
export function knownHost({ name, address, hostKey }: KnownMachine): string {
  return `${name},${address} ${hostKey}`;
}

/** Files of OpenSSH's client. The configuration rather than options: those of the command line do not reach the jump host (ssh(1), `-J`). */
export function ownClientFiles(
  jumphost: Jumphost,
  machines: readonly KnownMachine[],
): { readonly knownHosts: string; readonly config: string } {
  const { user, host, port, hostKey } = jumphost;
  const known = [`${port === SSH_PORT ? host : `[${host}]:${port}`} ${hostKey}`, ...machines.map(knownHost)];
  const names = machines.map(({ name }) => name).join(' ');
  const config = [
    'Host terminal',
    `  HostName ${host}`,
    `  Port ${port}`,
    ...(machines.some(({ name }) => name === 'docker') ? ['Host docker', '  User root'] : []),
    ...(names === '' ? [] : [`Host ${names}`, '  ProxyJump terminal']),
    'Host *',
    `  User ${user}`,
    `  IdentityFile ${OWN_CLIENT_FILES.key}`,
    '  IdentitiesOnly yes',
    `  UserKnownHostsFile ${OWN_CLIENT_FILES.knownHosts}`,
    '  StrictHostKeyChecking yes',
  ];
  return { knownHosts: lines(known), config: lines(config) };
}

const lines = (text: readonly string[]) => text.map((line) => `${line}\n`).join('');
