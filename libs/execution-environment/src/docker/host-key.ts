/** SSH host keys, which our images make at their first start, each for itself. */
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { getFile } from './archive.ts';

/** Public half. */
export const HOST_KEY = '/etc/ssh/ssh_host_ed25519_key.pub';

const RETRY_MS = 100;

/** Polls for a file that a container makes at its start, until its last line is whole. */
export async function untilFile(container: Docker.Container, path: string, signal: AbortSignal): Promise<string> {
  for (;;) {
    signal.throwIfAborted();
    const content = await getFile(container, path);
    if (content?.endsWith('\n') === true) return content.trim();
    await sleep(RETRY_MS, undefined, { signal });
  }
}
