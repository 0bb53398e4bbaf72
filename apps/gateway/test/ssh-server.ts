/** An SSH server of this process, for what a real terminal does too slowly or too rarely: floods, silence, sudden ends. */
import { once } from 'node:events';
import ssh2, { type ServerChannel } from 'ssh2';
import { z } from 'zod';

export interface TestSshServer extends AsyncDisposable {
  readonly port: number;
  readonly hostKey: string;
  readonly privateKey: string;
  /** What a tab's shell does, from now on. */
  shell: (stream: ServerChannel) => void;
  /** As a terminal that dies. */
  dropClients(): void;
}

export async function startSshServer(): Promise<TestSshServer> {
  const host = ssh2.utils.generateKeyPairSync('ed25519');
  const gateway = ssh2.utils.generateKeyPairSync('ed25519');
  const allowed = ssh2.utils.parseKey(gateway.public);
  if (allowed instanceof Error) throw allowed;
  const clients = new Set<ssh2.Connection>();
  const server = new ssh2.Server({ hostKeys: [host.private] }, (client) => {
    clients.add(client);
    client.on('error', () => undefined);
    client.on('close', () => clients.delete(client));
    client.on('authentication', (context) => {
      const isKey = context.method === 'publickey' && context.key.data.equals(allowed.getPublicSSH());
      if (!isKey) return context.reject(['publickey']);
      const { signature, blob } = context;
      if (signature === undefined || blob === undefined || allowed.verify(blob, signature, context.hashAlgo) === true) context.accept();
      else context.reject();
    });
    client.on('session', (accept) => {
      const session = accept();
      session.on('pty', (yes) => yes());
      session.on('window-change', (yes) => yes?.());
      session.on('exec', (yes, _no, { command }) => {
        const stream = yes();
        stream.on('error', () => undefined);
        if (command.includes('new-session')) return self.shell(stream);
        stream.exit(1);
        stream.end();
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const self: TestSshServer = {
    port: z.object({ port: z.int() }).parse(server.address()).port,
    hostKey: host.public,
    privateKey: gateway.private,
    shell: (stream) => void stream.write('$ '),
    dropClients: () => {
      for (const client of clients) client.end();
    },
    [Symbol.asyncDispose]: async () => {
      self.dropClients();
      server.close();
      await once(server, 'close');
    },
  };
  return self;
}
