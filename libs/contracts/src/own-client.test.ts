import { expect, it } from 'vitest';
import { ownClientFiles } from './own-client.ts';

const jumphost = { user: 'candidate', host: '192.0.2.1', port: 2301, hostKey: 'ssh-ed25519 AAAA' };

it('names the terminal by its port, each machine by name and address, and who one is there', () => {
  const machine = (name: string, last: number) => ({ name, address: `10.213.0.${last}`, hostKey: `ssh-ed25519 KEY${last}` });
  const { knownHosts, config } = ownClientFiles(jumphost, [machine('controlplane', 2), machine('docker', 11)]);
  expect(knownHosts).toBe(
    '[192.0.2.1]:2301 ssh-ed25519 AAAA\ncontrolplane,10.213.0.2 ssh-ed25519 KEY2\ndocker,10.213.0.11 ssh-ed25519 KEY11\n',
  );
  // The first that is said of a host counts: root on the engine, the candidate everywhere else.
  expect(config).toMatch(/^Host docker\n {2}User root\nHost controlplane docker\n {2}ProxyJump terminal\nHost \*\n {2}User candidate$/m);
  expect(config).toContain('StrictHostKeyChecking yes');
});

it('knows the terminal alone where there is nothing behind it, and by its host alone at the usual port', () => {
  const { knownHosts, config } = ownClientFiles({ ...jumphost, port: 22 }, []);
  expect(knownHosts).toBe('192.0.2.1 ssh-ed25519 AAAA\n');
  expect(config).not.toContain('ProxyJump');
});
