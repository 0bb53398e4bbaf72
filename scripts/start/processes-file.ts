/** Which processes an installation has: for a start after one that was killed, and with no chance to stop them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endProcess, isAlive, ProcessMark, step, type Log } from '@ckx/toolchain';
import { z } from 'zod';
import { writePrivately } from './secrets.ts';

const Processes = z.record(z.string(), ProcessMark);

/** What the others need for an orderly end. */
const SERVICES = ['postgres', 'temporal'];
const STOP_GRACE_MS = 10_000;

export function processesFile(dataDir: string): string {
  return join(dataDir, 'processes.json');
}

export async function writeProcesses(dataDir: string, marks: Readonly<Record<string, ProcessMark>>): Promise<void> {
  await writePrivately(processesFile(dataDir), marks);
}

/** Ends what a killed start left running. */
export async function stopLeftovers(dataDir: string, log: Log): Promise<void> {
  const text = await readFile(processesFile(dataDir), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return;
  const left = Object.entries(Processes.parse(JSON.parse(text))).filter(([, mark]) => isAlive(mark));
  const end = (names: typeof left) =>
    Promise.all(names.map(([name, mark]) => endProcess(mark, STOP_GRACE_MS, name === 'postgres' ? 'SIGINT' : 'SIGTERM')));
  if (left.length === 0) return;
  await step(log, `stopped what an earlier start left running (${left.map(([name]) => name).join(', ')})`, async () => {
    await end(left.filter(([name]) => !SERVICES.includes(name)));
    await end(left.filter(([name]) => SERVICES.includes(name)));
  });
}
