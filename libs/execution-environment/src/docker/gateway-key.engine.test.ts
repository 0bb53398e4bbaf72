import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { TERMINAL_KEY_PURPOSE } from '@ckx/contracts';
import { makeSealingKeys, open, SealingPrivateKey, SealingPublicKey } from '@ckx/sealed-secrets';
import { sshConnect, sshRun, testSpec } from '@ckx/test-support/engine';
import { freePort } from '@ckx/test-support';
import Docker from 'dockerode';
import { expect, it } from 'vitest';
import { getFile } from './archive.ts';
import { runOwn } from './exec.ts';
import { letGatewayIn } from './gateway-key.ts';
import { readContainerSettings } from './settings.ts';

const keys = makeSealingKeys();
const docker = new Docker();

/** A terminal and nothing around it. */
async function terminalAlone(port: number) {
  const container = await docker.createContainer({
    Image: process.env['CKX_TERMINAL_IMAGE'] ?? '',
    ExposedPorts: { '22/tcp': {} },
    HostConfig: {
      ...(await readContainerSettings('terminal')),
      PortBindings: { '22/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] },
    },
  });
  await container.start();
  return { container, [Symbol.asyncDispose]: () => container.remove({ force: true, v: true }) };
}

it('gives the gateway a way in that only it can use, the same however often and at once it is asked for', async () => {
  const spec = await testSpec();
  const port = await freePort();
  await using terminal = await terminalAlone(port);
  const options = {
    gateway: SealingPublicKey.parse(keys.publicKey),
    authorizedKeys: '/etc/ckx/authorized_keys',
    signal: AbortSignal.timeout(60_000),
  };
  const letIn = () => letGatewayIn(terminal.container, spec, options);
  const [sealed, ...others] = [...(await Promise.all([letIn(), letIn(), letIn()])), await letIn()];
  expect(new Set(others)).toEqual(new Set([sealed]));
  expect((await getFile(terminal.container, options.authorizedKeys))?.trim().split('\n')).toHaveLength(1);

  const hostKey = await untilHostKey(terminal.container);
  const { examSessionId } = spec;
  const context = { examSessionId, purpose: TERMINAL_KEY_PURPOSE };
  const privateKey = open(SealingPrivateKey.parse(keys.privateKey), sealed ?? '', context);
  const client = await sshConnect(port, privateKey, hostKey);
  expect(await sshRun(client, 'id -un; cat /etc/ckx/gateway_key')).toMatchObject({ exitCode: 1, stdout: 'candidate\n' });
  client.end();
  await once(client, 'close');

  // A closed terminal takes it away like any other.
  await runOwn(terminal.container, ': >/etc/ckx/authorized_keys', [], options.signal);
  await expect(sshConnect(port, privateKey, hostKey)).rejects.toThrow(/authentication/i);
});

async function untilHostKey(container: Docker.Container): Promise<string> {
  for (;;) {
    const key = await getFile(container, '/etc/ssh/ssh_host_ed25519_key.pub');
    if (key?.endsWith('\n') === true) return key.trim();
    await sleep(50);
  }
}
