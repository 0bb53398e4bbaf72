/** The processes of an installation that the browser talks to, as they are. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const START_TIMEOUT_MS = 240_000;

export interface Started {
  /** As an operator would. */
  stop(): Promise<void>;
  /** As a machine that loses its power. */
  kill(): Promise<void>;
}

export const startApi = (env: NodeJS.ProcessEnv, url: string): Promise<Started> =>
  start('apps/api', ['--import', './decorators.mjs', 'src/main.ts'], env, `${url}/health/live`);

export const startGatewayProcess = (env: NodeJS.ProcessEnv, port: number): Promise<Started> =>
  start('apps/gateway', ['src/main.ts'], env, `http://127.0.0.1:${port}/health/ready`);

/** Returns when it answers. @throws with what it said where it does not. */
async function start(folder: string, args: readonly string[], env: NodeJS.ProcessEnv, health: string): Promise<Started> {
  const child = spawn(process.execPath, [...args], { cwd: resolve(ROOT, folder), env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit');
  const until = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(health))) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`${folder} did not start:\n${output}`);
    await new Promise((done) => setTimeout(done, 100));
  }
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exited;
  };
  return { stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}

const answers = (url: string) =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
