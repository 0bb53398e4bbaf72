/** What the way through the gateway costs: the echo of a key, and much output, beside plain SSH to the same terminals in the same run. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runMigrations } from '@ckx/persistence';
import { connectDocker, ensureEngine, ensureImages, startPostgres } from '@ckx/toolchain';
import ssh2 from 'ssh2';
import { openTab, type TerminalClient } from '../../apps/gateway/test/client.ts';
import { openHarness, spawnGateway, type Harness } from '../../apps/gateway/test/harness.ts';
import { startTerminal, type TestTerminal } from '../../apps/gateway/test/terminal.ts';
import { spreadOf, type Spread } from './statistics.ts';

const KEYS = 60;
/** As a person types, and more than one of them at a time. */
const KEY_EVERY_MS = 120;
const OUTPUT_MIB = 16;

export interface EchoFigures {
  readonly sessions: number;
  readonly gatewayMs: Spread;
  readonly sshMs: Spread;
}

export interface GatewayFigures {
  readonly echo: readonly EchoFigures[];
  /** MiB a second of a file that is shown. */
  readonly throughput: { readonly gateway: number; readonly ssh: number; readonly sshWithTmux: number };
  readonly outputMib: number;
}

/** Anything that a key can be typed into, and that shows it. */
interface Typist {
  type(key: string): void;
  /** Resolves with the next output. */
  next(): Promise<unknown>;
}

/** @param counts of sessions that type at once, the largest last. */
export async function measureGateway(counts: readonly number[], say: (line: string) => void, signal: AbortSignal): Promise<GatewayFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'ckx-bench-gateway-'));
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => rm(folder, { recursive: true, force: true }));
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), log: () => undefined });
  cleanup.defer(() => postgres.stop());
  await runMigrations(postgres.url);
  const harness = cleanup.use(await openHarness({ DATABASE_URL: postgres.url }));
  const gateway = await spawnGateway(harness);
  cleanup.defer(async () => {
    gateway.kill('SIGTERM');
    await once(gateway, 'exit');
  });
  const engine = await ensureEngine({ log: say });
  cleanup.defer(() => engine.release());
  const images = await ensureImages({ log: say, dockerHost: engine.dockerHost });
  const docker = connectDocker(engine.dockerHost);
  const terminals: TestTerminal[] = [];
  const echo: EchoFigures[] = [];
  for (const sessions of counts) {
    signal.throwIfAborted();
    while (terminals.length < sessions) terminals.push(cleanup.use(await startTerminal(images.terminal, docker)));
    const sshMs = await echoes(await Promise.all(terminals.map((terminal) => overSsh(terminal, cleanup))), signal);
    const gatewayMs = await echoes(await Promise.all(terminals.map((terminal) => overGateway(harness, terminal, cleanup))), signal);
    echo.push({ sessions, gatewayMs, sshMs });
    say(`${sessions} sessions: echo p95 ${gatewayMs.p95.toFixed(1)} ms by the gateway, ${sshMs.p95.toFixed(1)} ms by ssh`);
  }
  const [terminal] = terminals;
  if (terminal === undefined) throw new Error('no session was measured');
  return { echo, throughput: await measureThroughput(harness, terminal), outputMib: OUTPUT_MIB };
}

async function echoes(typists: readonly Typist[], signal: AbortSignal): Promise<Spread> {
  const samples = await Promise.all(
    typists.map(async (typist) => {
      const times: number[] = [];
      await sleep(Math.random() * KEY_EVERY_MS);
      for (let key = 0; key < KEYS; key += 1) {
        signal.throwIfAborted();
        const pressed = performance.now();
        const shown = typist.next();
        typist.type('x');
        await shown;
        times.push(performance.now() - pressed);
        await sleep(KEY_EVERY_MS);
      }
      return times;
    }),
  );
  return spreadOf(samples.flat());
}

async function overGateway(harness: Harness, terminal: TestTerminal, cleanup: AsyncDisposableStack): Promise<Typist> {
  const tab = await openTab(harness, await harness.session(terminal), { tab: `echo${Math.random().toString(36).slice(2, 8)}` });
  cleanup.defer(() => tab.cut());
  await sleep(300);
  return { type: (key) => tab.type(key), next: () => once(tab.socket, 'message') };
}

async function overSsh(terminal: TestTerminal, cleanup: AsyncDisposableStack): Promise<Typist> {
  const { stream, client } = await sshShell(terminal, 'bash -l');
  cleanup.defer(() => void client.end());
  stream.resume();
  await sleep(300);
  return { type: (key) => void stream.write(key), next: () => once(stream, 'data') };
}

async function sshShell({ port, privateKey }: TestTerminal, command: string) {
  const client = new ssh2.Client();
  // As OpenSSH does it: a key that is typed does not wait for company.
  const sock = connect({ host: '127.0.0.1', port, noDelay: true });
  client.connect({ sock, username: 'candidate', privateKey });
  await once(client, 'ready');
  const stream = await new Promise<ssh2.ClientChannel>((resolve, reject) => {
    client.exec(command, { pty: { cols: 80, rows: 24, term: 'xterm-256color' } }, (error, channel) =>
      error ? reject(error) : resolve(channel),
    );
  });
  return { client, stream };
}

/** The same file shown by each, until its end is. */
async function measureThroughput(harness: Harness, terminal: TestTerminal): Promise<GatewayFigures['throughput']> {
  const make = `head -c ${Math.round((OUTPUT_MIB * 2 ** 20 * 3) / 4)} /dev/urandom | base64 >/tmp/output.txt; chmod 644 /tmp/output.txt`;
  await terminal.inside(make);
  const tab: TerminalClient = await openTab(harness, await harness.session(terminal), { tab: 'output' });
  const begun = performance.now();
  await tab.run('cat /tmp/output.txt', 300_000);
  const gateway = OUTPUT_MIB / ((performance.now() - begun) / 1_000);
  tab.cut();
  const ssh = await timeSsh(terminal, 'bash -l');
  const sshWithTmux = await timeSsh(terminal, 'tmux -u -L bench new-session');
  return { gateway, ssh, sshWithTmux };
}

async function timeSsh(terminal: TestTerminal, command: string): Promise<number> {
  const { client, stream } = await sshShell(terminal, command);
  let tail = '';
  stream.on('data', (data: Buffer) => (tail = (tail + data.toString('latin1')).slice(-4_096)));
  await sleep(1_000);
  const begun = performance.now();
  stream.write(`cat /tmp/output.txt; echo all''shown\r`);
  while (!tail.includes('allshown')) await sleep(2);
  const elapsedMs = performance.now() - begun;
  client.end();
  return OUTPUT_MIB / (elapsedMs / 1_000);
}
