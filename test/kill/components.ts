/** What can be killed, and how it is known to be back. Everything dies by SIGKILL, for real. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Installation } from '@ckx/test-support/installation';
import Docker from 'dockerode';
import type { ExamSessionId } from '@ckx/contracts';

export const COMPONENTS = ['api', 'control worker', 'host worker', 'temporal', 'postgres', 'engine', 'node'] as const;
export type Component = (typeof COMPONENTS)[number];

/** Names of the processes in the run file. */
const PROCESSES: Partial<Record<Component, string>> = {
  api: 'api',
  'control worker': 'worker-control',
  'host worker': 'worker-host',
  temporal: 'temporal',
  postgres: 'postgres',
};

/** The engine's own file, where it is one of ours. */
const ENGINE_PID_FILE = '/var/run/docker.pid';
const BACK_WITHIN_MS = 60_000;

/** @returns the process that was killed; null for nodes, which are several. */
export async function kill(component: Component, installation: Installation, sessions: readonly ExamSessionId[]): Promise<number | null> {
  if (component === 'node') {
    await killNodes(sessions);
    return null;
  }
  const pid = await processOf(component, installation);
  if (pid === null) throw new Error(`There is no process of ${component}.`);
  process.kill(pid, 'SIGKILL');
  return pid;
}

async function processOf(component: Component, installation: Installation): Promise<number | null> {
  if (component === 'engine') {
    const pid = await readFile(ENGINE_PID_FILE, 'utf8').catch(() => '');
    return pid.trim() === '' ? null : Number(pid);
  }
  return (await installation.run()).pids[PROCESSES[component] ?? component] ?? null;
}

/** Returns when another process has taken the place of the one that was killed, and everything answers. */
export async function untilBack(component: Component, installation: Installation, killed: number | null): Promise<void> {
  const end = Date.now() + BACK_WITHIN_MS;
  const docker = new Docker({ timeout: 5_000 });
  for (;;) {
    const { apiUrl } = await installation.run();
    const ready = await fetch(`${apiUrl}/health/ready`, { signal: AbortSignal.timeout(3_000) }).then(
      ({ ok }) => ok,
      () => false,
    );
    const engine = await docker.ping().then(
      () => true,
      () => false,
    );
    const replaced = killed === null || ![null, killed].includes(await processOf(component, installation));
    if (ready && engine && replaced) return;
    if (Date.now() > end) throw new Error(`${component} did not come back within ${BACK_WITHIN_MS / 1000} s.`);
    await sleep(200);
  }
}

async function killNodes(sessions: readonly ExamSessionId[]): Promise<void> {
  const docker = new Docker();
  const containers = await docker.listContainers({ filters: { label: ['ckx.part=node'] } });
  const ours = containers.filter(({ Labels }) => sessions.some((id) => id === Labels['ckx.session']));
  await Promise.all(
    ours.map(({ Id }) =>
      docker
        .getContainer(Id)
        .kill({ signal: 'SIGKILL' })
        .catch((error: unknown) => {
          // Gone already: its session is being torn down.
          if (!(error instanceof Error && /is not running|No such container/.test(error.message))) throw error;
        }),
    ),
  );
}
