import { setTimeout as sleep } from 'node:timers/promises';
import { CkxError, type EnvironmentSpec } from '@ckx/contracts';
import type { DockerContext } from '../context.ts';
import { runOwn } from '../exec.ts';
import { containerName, CONTROL_PLANE } from '../naming.ts';

const RETRY_MS = 300;

/** Whoever asks needs no account for this. */
const ASK = `[ "$(curl -sk --max-time 5 https://${CONTROL_PLANE}:6443/readyz)" = ok ]`;

/** Returns when the API server answers in the session's terminal, by way of its relay. */
export async function untilRelayLeads({ docker }: DockerContext, spec: EnvironmentSpec, signal: AbortSignal): Promise<void> {
  const terminal = docker.getContainer(containerName(spec.examSessionId, 'terminal'));
  for (;;) {
    signal.throwIfAborted();
    try {
      await runOwn(terminal, ASK, [], signal);
      return;
    } catch (error) {
      if (!(error instanceof CkxError) || error.code !== 'COMMAND_FAILED') throw error;
    }
    await sleep(RETRY_MS, undefined, { signal });
  }
}
