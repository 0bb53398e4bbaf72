/** The node image alone, as `docker run` would start it: what a cold start is measured against. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PART_UNITS } from '@ckx/contracts';
import { readContainerSettings, startContainer } from '@ckx/execution-environment';
import type Docker from 'dockerode';

const LOOK_EVERY_MS = 100;
const READY_TIMEOUT_MS = 120_000;

/** Starts a node, waits until it is Ready, and removes it. @returns milliseconds from the request to create it until it is Ready. */
export async function bootBareNode(docker: Docker, image: string, signal: AbortSignal): Promise<number> {
  const begun = performance.now();
  const container = await docker.createContainer({
    name: `ckx-bench-${randomUUID()}`,
    Image: image,
    Hostname: 'controlplane',
    HostConfig: { Memory: PART_UNITS.node.memoryMib * 2 ** 20, ...(await readContainerSettings('node')) },
  });
  try {
    await startContainer(container);
    while (!(await isReady(container))) {
      if (performance.now() - begun > READY_TIMEOUT_MS) throw new Error(`A bare node was not Ready after ${READY_TIMEOUT_MS / 1000} s.`);
      await sleep(LOOK_EVERY_MS, undefined, { signal });
    }
    return performance.now() - begun;
  } finally {
    await container.remove({ force: true, v: true });
  }
}

async function isReady(container: Docker.Container): Promise<boolean> {
  const exec = await container.exec({ Cmd: ['ckx-health', 'node_ready'], AttachStdout: true, AttachStderr: true });
  const output = await exec.start({});
  output.resume();
  await new Promise((done) => output.once('end', done).once('error', done));
  return (await exec.inspect()).ExitCode === 0;
}
